// One kind of failure as data: which words it has, and what they mean. Pure.
import type { Fault } from '../../job/ending.js';
import type { Explanation, Failure } from './explanation.js';
import { MOST_EXTRACTED, tidy } from './extract.js';
import { shorten } from './words.js';

/** Whose last words a row reads, if not those of the program that has run innermost. */
export type Manager = 'npm' | 'yarn' | 'pnpm' | 'bun';

/** A sentence, in which $1, $2, … stand for what was found, or a function that makes it. */
export type Sentence = string | ((found: RegExpExecArray, failure: Failure) => string);

/** A kind of failure. A row matches by how its tools write, not by the names and figures of one example. */
export interface Row {
  /** Its name, for the tests and for who looks for it. */
  id: string;
  /** The package manager whose own last words these are. */
  of?: Manager;
  /** What is said; of several, the first that is found. ^ and $ are ends of lines. The last match counts. */
  says?: RegExp | readonly RegExp[];
  /** The exit codes with which it ends, where those tell. */
  codes?: readonly number[];
  /** Words anywhere in the output without which it is another failure, or with which it is. */
  needs?: RegExp;
  unless?: RegExp;
  /** Names, one of which the words must have. */
  about?: (failure: Failure) => readonly string[];
  /** Programs say such words also without failing: nothing but what belongs to an error may follow. */
  inPassing?: boolean;
  /** Lines that may follow, beside those of all rows. */
  followed?: RegExp;
  /** What happened, without a full stop. */
  cause: Sentence;
  fault: Fault;
  /** What to type or set. */
  remedy: Sentence;
  /** The lines that matter, wherever they are; without it, those that were found. */
  lines?: RegExp;
}

/** Lines that belong to an error: stacks, frames of source, properties, and who only says that somebody else has failed. */
const BELONGS = [
  /^\s/,
  /^[^\p{L}\p{N}]*$/u,
  /^(?:Node\.js v\d|\(Use `node |Require stack:|Emitted 'error' event|node:\S+:\d+$|file:\/\/\/|Thrown at:|[-–>|•*║│╰] |code: |digest: |errno: |syscall: )/,
  /^\d+ \||^at \S|^\d+: (?:0x|\S+ [[(])|^@ \.\//,
  /^(?:npm (?:error|ERR!|notice|warn)|info Visit|error Command failed|(?:<ref \*\d+> )?\w*Error: Command failed|\[?ELIFECYCLE|error: script |Exit code: |Command: |Arguments: |Directory: |Output:)/,
  /^(?:NX |Failed tasks:|Hint: |lerna (?:ERR!|info|notice)|Lerna )/,
  /^(?:Found |\d+ |✖ \d+ |Encountered \d+ |Done in |Time: |Duration|Total )/,
  /^(?:https?:\/\/|For more information|Read more|See |Learn more|Note: |This is most likely|If you do want to|`build\.|You (?:may|can|should) )/i,
  /\bexited with (?:exit )?(?:code|status)\b|^(?:make(?:\[\d+\])?: |\[\d\d:\d\d:\d\d\] .*errored after|error during build:|During the build|> Export encountered|Export encountered)/,
];
/** A line that says no more than that something has failed. */
const CLOSING =
  /^[^:]{0,80}\b(?:fail(?:ed|ure)?|errors?|errored|abort(?:ed|ing)?|exit(?:ed|ing)?)\b[^:]{0,40}\W*$/i;
/** A line that names an error. */
const ERROR =
  /^(?:\[?[\w.]*(?:Error|Exception)\]?(?: \[\w+\])?:|(?:error|fatal|panic|ERROR|FATAL|Fatal)\b|✘ |\[!\]|\S+: (?:fatal )?error\b|\S+\(\d+,\d+\): error\b|\S+:\d+:\d+ - error\b)/;
/** A test that has passed may be about any error. */
const PASSED = /^\s*(?:[✓✔√]|ok \d|PASS\b)/;
/** So many lines of others may follow the words of a row. */
const MOST_OTHERS = 40;

/** What a row says of words; undefined if they are none of its. */
export function readRow(row: Row, text: string, failure: Failure): Explanation | undefined {
  if (row.codes && !(failure.exitCode !== undefined && row.codes.includes(failure.exitCode)))
    return undefined;
  if ((row.needs && !row.needs.test(text)) || row.unless?.test(text)) return undefined;
  const found = find(row, text);
  if (!found || (row.about && !row.about(failure).some((name) => found[0].includes(name)))) return undefined;
  const lines = row.lines ? [...text.matchAll(global(row.lines))].map(([part]) => part) : [found[0]];
  return {
    id: row.id,
    message: shorten(sentence(row.cause, found, failure)),
    remedy: sentence(row.remedy, found, failure),
    fault: row.fault,
    extract: [...new Set(tidy(lines.join('\n').split('\n')))].slice(0, MOST_EXTRACTED),
  };
}

function find(row: Row, text: string): RegExpExecArray | undefined {
  const patterns = row.says === undefined ? [/.*$(?![\s\S])/] : [row.says].flat();
  for (const pattern of patterns) {
    const found = [...text.matchAll(global(pattern))].findLast(({ 0: words }) => !PASSED.test(words));
    if (found && isLast(row, patterns, text.slice(found.index + found[0].length))) return found;
  }
  return undefined;
}

/** Whether nobody else has had the last word. */
function isLast(row: Row, patterns: readonly RegExp[], rest: string): boolean {
  // The rest of the line that was found is its own.
  const others = rest
    .split('\n')
    .slice(1)
    .filter(
      (line) =>
        ![...BELONGS, CLOSING, ...patterns, ...(row.followed ? [row.followed] : [])].some((one) =>
          one.test(line),
        ),
    );
  return others.length <= (row.inPassing ? 0 : MOST_OTHERS) && !others.some((line) => ERROR.test(line));
}

function sentence(words: Sentence, found: RegExpExecArray, failure: Failure): string {
  if (typeof words === 'function') return words(found, failure);
  return words.replace(/\$(\d)/g, (_, place: string) => shorten(found[Number(place)] ?? ''));
}

function global({ source, flags }: RegExp): RegExp {
  return new RegExp(source, [...new Set([...flags, 'g', 'm'])].join(''));
}
