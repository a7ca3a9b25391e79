// Takes away what package managers say behind a script that failed: the words before it are the script's own. Pure.
import { npmBlock } from './npm-block.js';
import { trimEnd } from './words.js';

/** Last lines that only say that a script failed, some with its exit code. */
const CLOSING = [
  /^error Command failed(?: with exit code (\d+)\.|\.)$/,
  /^info Visit https:\/\/yarnpkg\.com\/en\/docs\/cli\/\S+ for documentation about this command\.$/,
  /^(?: ELIFECYCLE |\[ELIFECYCLE\]) ?Command failed(?: with exit code (\d+))?\.$/,
  /^ ?(?:WARN|\[WARN\]) +(?:Local package\.json exists, but node_modules missing|node_modules missing)/,
  /^error: script ".*" exited with code (\d+)$/,
];

export interface Unwrapped {
  /** The output of the script itself. */
  lines: string[];
  /** The exit code that the innermost wrapper told. */
  code: number | undefined;
  /** Whether a wrapper said that the script failed, without an exit code: it may have been any. */
  codeless: boolean;
}

/** Separates the words of those that only ran a script from the script's own. */
export function unwrap(lines: readonly string[]): Unwrapped {
  const left: Unwrapped = { lines: trimEnd(lines), code: undefined, codeless: false };
  while (closeOne(left)) left.lines = trimEnd(left.lines);
  return left;
}

function closeOne(left: Unwrapped): boolean {
  const last = left.lines.at(-1) ?? '';
  const closing = CLOSING.map((pattern) => pattern.exec(last)).find((found) => found !== null);
  if (closing) {
    left.lines = left.lines.slice(0, -1);
    note(left, last, closing[1]);
    return true;
  }
  const block = npmBlock(left.lines);
  if (!block?.failed || block.failed.output.length > 0) return false;
  left.lines = block.before;
  note(left, 'Command failed', block.failed.code?.toString());
  return true;
}

/** The innermost wrapper is the last one to be taken away, and knows best. */
function note(left: Unwrapped, words: string, code: string | undefined): void {
  if (code === undefined && !words.includes('Command failed')) return;
  left.code = code === undefined ? undefined : Number(code);
  left.codeless = code === undefined;
}
