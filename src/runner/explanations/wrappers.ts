// Takes away what package managers say behind a script that failed: the words before it are the script's own. Pure.
import { npmBlock } from './npm-block.js';
import { trimEnd } from './words.js';

/** Last lines that only say that a script failed, some with its exit code. */
const CLOSING = [
  /\nerror Command failed(?: with exit code (\d+)\.|\.)$/,
  /\nerror Command failed\.\nExit code: (\d+)\nCommand: \S*\/node\nArguments: .*\nDirectory: .*\nOutput:$/,
  /\n ELIFECYCLE {2}Command failed(?: with exit code (\d+))?\.$/,
  /\n\[ELIFECYCLE\] Command failed(?: with exit code (\d+))?\.$/,
  /(?:\n\S+:)?\n(?: ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL {2}|\[ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL\] ).*(?:\nspawn ENOENT|\nExit status (\d+))?$/,
  /\nerror: script ".*" exited with code (\d+)$/,
  /\nERROR: ".*" exited with (\d+)\.$/,
  /\nmake(?:\[\d+\])?: \*\*\* \[.*\] Error (\d+)$/,
];
/** Last lines that say nothing of the failure. */
const REMARKS = [
  /\ninfo Visit https:\/\/yarnpkg\.com\/en\/docs\/cli\/\S+ for documentation about this command\.$/,
  /\n ?(?:WARN|\[WARN\]) +(?:Local package\.json exists, but )?node_modules (?:is )?missing.*$/,
  // turbo, and concurrently
  /\n(?:\s*(?:Tasks|Cached|Time|Failed|Summary): .*| ERROR {2}run failed: .*)$/,
  /\n(?:--> .*|\[\S+\] .* exited with code (?:0|SIG\w+))$/,
  /\nError: ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL\n\s*\n {2}× .*$/,
];
const MOST_LINES = 8;
/** How those that run several scripts tell which one failed, and what they write before each of its lines. */
const SEVERAL: [tool: string, failed: RegExp, prefix: (found: RegExpExecArray) => string][] = [
  ['pnpm, bun', /^(\S+ [\w:-]+): (?:Failed|Exited with code (?<code>\d+))$/, (found) => `${found[1]}: `],
  [
    'turbo',
    /^(\S+)#(\S+): {2}ERROR {2}command .* exited \((?<code>\d+)\)$/,
    (found) => `${found[1]}:${found[2]}: `,
  ],
  ['concurrently', /^(\[\S+\]) .* exited with code (?<code>\d+)$/, (found) => `${found[1]} `],
];

export interface Unwrapped {
  /** The output of the script itself. */
  lines: string[];
  /** The exit code that the innermost wrapper told. */
  code: number | undefined;
  /** Whether that one told of a failure without an exit code. */
  codeless: boolean;
}

/** Separates the words of those that only ran a script from the script's own. */
export function unwrap(lines: readonly string[]): Unwrapped {
  let left: Unwrapped = { lines: trimEnd(lines), code: undefined, codeless: false };
  for (let inner: Unwrapped | undefined = left; inner; inner = open(left)) left = inner;
  return left;
}

/** One wrapper less; undefined where there is none. The innermost one is the last, and knows best. */
function open({ lines, ...told }: Unwrapped): Unwrapped | undefined {
  const tail = `\n${lines.slice(-MOST_LINES).join('\n')}`;
  const remark = first(REMARKS, tail);
  if (remark) return { ...told, lines: without(lines, remark[0]) };
  const closing = first(CLOSING, tail);
  if (closing) return { lines: without(lines, closing[0]), ...toldBy(closing.slice(1).find(Boolean)) };
  const several = oneOfSeveral(lines);
  if (several) return several;
  const block = npmBlock(lines);
  if (!block?.failed || block.failed.output.length > 0) return undefined;
  return { lines: block.before, ...toldBy(block.failed.code?.toString()) };
}

/** The lines of the script that failed, where several have run. */
function oneOfSeveral(lines: readonly string[]): Unwrapped | undefined {
  for (const [, failed, prefixOf] of SEVERAL) {
    const found = failed.exec(lines.at(-1) ?? '');
    if (!found) continue;
    const prefix = prefixOf(found);
    const own = lines.slice(0, -1).filter((line) => line.startsWith(prefix));
    return { lines: trimEnd(own.map((line) => line.slice(prefix.length))), ...toldBy(found.groups?.code) };
  }
  return undefined;
}

function toldBy(code: string | undefined) {
  return { code: code === undefined ? undefined : Number(code), codeless: code === undefined };
}

function first(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  return patterns.map((pattern) => pattern.exec(text)).find((found) => found !== null) ?? undefined;
}

function without(lines: readonly string[], text: string): string[] {
  return trimEnd(lines.slice(0, lines.length - (text.split('\n').length - 1)));
}
