// Finds the lines with which npm ends when it fails. Pure.
import { firstMatch, trimEnd } from './words.js';

/** npm 10 and newer write "npm error", older ones "npm ERR!". */
const OWN = /^npm (?:error|ERR!)(?: |$)/;

/** Where npm's own log is. */
const LOG = /^\s*$|^A complete log of this run|^\s+\/\S*\/_logs\/\S+$/;

export interface NpmBlock {
  /** What was printed before. */
  before: string[];
  /** npm's own last lines, without what each begins with. */
  lines: string[];
  /** Its error code, if it gives one, such as E404. */
  code: string | undefined;
  /** The script that it ran, if that is what failed. */
  failed?: NpmScript;
}

export interface NpmScript {
  /** The directory in which it ran, or else the package with its version. */
  where: string;
  script: string | undefined;
  command: string | undefined;
  code: number | undefined;
  /** Its output, where npm gives it inside of its own. */
  output: string[];
}

/** npm's last lines, if npm has had the last word. */
export function npmBlock(all: readonly string[]): NpmBlock | undefined {
  const trimmed = trimEnd(all);
  const end = trimmed.findLastIndex((line) => !/^npm notice|^\s*$/.test(line));
  if (!OWN.test(trimmed[end] ?? '')) return undefined;
  const other = trimmed.slice(0, end).findLastIndex((line) => !OWN.test(line) && line.trim() !== '');
  const coded = trimmed.slice(0, end).findLastIndex((line) => OWN.test(line) && /^npm \S+ code /.test(line));
  const lifecycle = /^npm \S+ Lifecycle script /.test(trimmed[coded - 1] ?? '') ? coded - 1 : coded;
  const start = Math.max(other + 1, lifecycle);
  const lines = trimmed.slice(start, end + 1).map((line) => line.replace(OWN, ''));
  const code = firstMatch(lines, /^code (\S+)$/)?.[1];
  const failed = readScript(lines, code);
  return { before: trimEnd(trimmed.slice(0, start)), lines, code, ...(failed ? { failed } : {}) };
}

function readScript(lines: string[], code: string | undefined): NpmScript | undefined {
  if (code === 'ELIFECYCLE') return readOld(lines);
  const command = lines.findIndex((line) => /^command (?!failed$)/.test(line));
  if (!code || !/^\d+$/.test(code) || command === -1) return undefined;
  return {
    where: firstMatch(lines, /^path (.+)$/)?.[1] ?? '',
    script: firstMatch(lines, /^Lifecycle script `(.+)` failed/)?.[1],
    command: lines[command]?.replace(/^command (?:\S*sh (?:-\S+ )*)?/, ''),
    code: Number(code),
    output: lines.slice(command + 1).filter((line) => !LOG.test(line)),
  };
}

/** npm 6 writes the script's output before its own lines. */
function readOld(lines: string[]): NpmScript | undefined {
  const said = firstMatch(lines, /^((?:@[^/\s]+\/)?[^@\s]+)@\S+ (\S+): `(.*)`$/);
  const status = firstMatch(lines, /^Exit status (\d+)$/)?.[1];
  const spawn = lines.some((line) => line === 'spawn ENOENT');
  return {
    where: said?.[1] ?? '',
    script: said?.[2],
    command: said?.[3],
    code: status === undefined ? (spawn ? 127 : undefined) : Number(status),
    output: [],
  };
}
