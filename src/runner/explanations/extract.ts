// Takes the lines that matter out of the last output of a step. Pure.
import { trimEnd } from './words.js';

/** More lines than these nobody reads. */
export const MOST_EXTRACTED = 10;
/** A line is cut behind so many letters; what hides secrets has seen the whole of it. */
export const MOST_LETTERS = 300;

/** Frames of stacks, rulers, blank lines, npm's help and where its own log is. */
const NOISE = [
  /^\s*$/,
  /^\s*at (?:\S.* \(|async |ignore-listed frames$|new |node:|file:|<anonymous>|\[|\/(?!workspace\/(?!node_modules\/)))/,
  /^\s*(?:[╵│|]\s*)?[\^~}\])]+[;,]?\s*$/,
  /^Node\.js v[\d.]+$|^\s*\(Use `node |^\s*throw \w+;?/,
  /^node:\S+:\d+$|^\s+(?:errno: -?\d+|syscall: '\w+'),?$/,
  /^npm (?:error|ERR!)\s*(?:$|A complete log|To see a list|Did you mean|\S*\/_logs\/|Run "npm help|Usage:|Options:|\[|aliases?:|npm ci$|code \S+$|errno |For a full report|See \S+ for)/,
  /^npm notice|^koalaci: |^➤ YN0000: |^➤ YN0028: │ [+-](?!")/,
  /^fatal: Could not read from remote repository\.$|^Please make sure you have the correct access rights$|^and the repository exists\.$/,
  /^info Visit |^error Command failed|^\[?\s?ELIFECYCLE/,
];
/** A line that names an error. */
const ERROR =
  /^\W{0,4}(?:npm (?:error|ERR!) |[\w.]*(?:Error|Exception)\b|error\b|fatal\b|panic\b|ERROR|FATAL|Fatal\b|Failed\b|Cannot\b|Could not\b|Unable to\b|\S+: (?:fatal )?error\b|\S+\(\d+,\d+\): error\b)|\b(?:[A-Z]\w*Error|error|ERROR): |: (?:error|fatal|cannot|command not found|not found|No such file|Permission denied)\b|^✘|^✖|^×|^\s*[✗✕×✖]/;

/** The last errors of an output, or else its last lines: whatever has failed, they are where a reader looks first. */
export function lastErrors(lines: readonly string[]): string[] {
  const said = tidy(trimEnd(lines));
  const last = said.findLastIndex((line) => ERROR.test(line));
  if (last === -1) return said.slice(-LAST_WORDS);
  // Errors that stand together are told together; what follows the last one belongs to it.
  let first = last;
  while (first > 0 && last - first < LAST_WORDS && ERROR.test(said[first - 1] ?? '')) first -= 1;
  return said.slice(first, first + MOST_EXTRACTED);
}
/** Where no line names an error. */
const LAST_WORDS = 5;

/** Lines without noise. */
export function tidy(lines: readonly string[]): string[] {
  return lines.filter((line) => !NOISE.some((noise) => noise.test(line))).map((line) => line.trimEnd());
}

/** A line that is short enough to be kept. */
export function cut(line: string): string {
  return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS - 1)}…` : line;
}
