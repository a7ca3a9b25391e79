// Shows an error: what happened and what to do. For a bug in koalaci it shows the stack.
import { KoalaError } from '../job/errors.js';
import { visibleLines } from '../job/printable.js';
import { paint } from './paint.js';
import { say } from './print.js';

/** Prints an error to stderr. */
export function showError(error: unknown): void {
  if (error instanceof KoalaError) {
    const remedy = error.remedy ? `\n  ${error.remedy}` : '';
    say(`${paint.red('koalaci:')} ${visibleLines(error.message + remedy)}\n`);
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(`${paint.red('koalaci:')} this is a bug in koalaci; please report it\n${visibleLines(stack)}\n`);
}
