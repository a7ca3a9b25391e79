// Finds the error with which pnpm ends. Pure.
import { trimEnd } from './words.js';

/** " ERR_PNPM_FETCH_404  GET …", since version 11 "[ERR_PNPM_FETCH_404] GET …". Warnings look the same. */
const LINE =
  /^(?: (?!WARN )([A-Z][A-Z\d]*(?:_[A-Z\d]+)*) {1,2}|\[(?!WARN\])([A-Z][A-Z\d]*(?:_[A-Z\d]+)*)\] )(\S.*)$/;
const TREE = /^Error: (?:(ERR_PNPM_\w+|ELIFECYCLE)$| +×(?= ))/;
/** Its sentences after that: it may give much advice. */
const MOST_LINES = 40;

export interface PnpmError {
  code: string;
  /** What it says, in one line. */
  words: string;
  /** What was printed before. */
  before: string[];
}

/** pnpm's error, if pnpm has had the last word. */
export function pnpmError(lines: readonly string[]): PnpmError | undefined {
  const all = trimEnd(lines);
  const at = all.findLastIndex((line) => LINE.test(line) || TREE.test(line));
  if (at === -1 || all.length - at > MOST_LINES) return undefined;
  const rest = all.slice(at + 1);
  const tree = TREE.exec(all[at] ?? '');
  if (tree) {
    // Without a code, its first sentence stands in the same line.
    const { 1: code = 'ERROR', 0: head } = tree;
    const told = tree[1] ? rest : [(all[at] ?? '').slice(head.length), ...rest];
    return rest.every(isOfTree) ? { code, words: unfold(told), before: all.slice(0, at) } : undefined;
  }
  const [, old, code = old ?? '', words = ''] = LINE.exec(all[at] ?? '') ?? [];
  // Its advice has neither prompts nor errors but its own, with the stack.
  if (
    rest.some(
      (line) => /^(?:\w*Error: |[$>] )/.test(line) && !line.includes(words) && !line.startsWith('pnpm: '),
    )
  )
    return undefined;
  return { code, words: [words, ...rest].join('\n'), before: all.slice(0, at) };
}

/** The lines of a tree are drawn with signs, or indented. */
function isOfTree(line: string): boolean {
  return /^\s*$|^\s{2,}\S/.test(line);
}

/** Joins what the tree has broken into lines: behind a slash or a hyphen, it breaks words. */
function unfold(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^[\s│├╰─▶×]+/, '').trim())
    .filter((line) => line !== '')
    .reduce((text, line) => text + (/[/-]$/.test(text) ? '' : ' ') + line, '')
    .trim();
}
