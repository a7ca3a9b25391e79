// Shows an error: what happened and what to do. For a bug in koalaci it shows the stack.
import { KoalaError } from '../job/errors.js';
import { paint } from './paint.js';

/** Prints an error to stderr. */
export function showError(error: unknown): void {
  if (error instanceof KoalaError) {
    const remedy = error.remedy ? `\n  ${error.remedy}` : '';
    process.stderr.write(`${paint.red('koalaci:')} ${error.message}${remedy}\n`);
    return;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${paint.red('koalaci:')} this is a bug in koalaci; please report it\n${stack}\n`);
}
