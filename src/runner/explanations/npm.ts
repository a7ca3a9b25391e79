// npm's last words, in versions 6 to 12. Pure.
import type { Explanation, Failure, Reader } from './explanation.js';
import { MOST_EXTRACTED, tidy } from './extract.js';
import { gitDependency } from './git-dependency.js';
import { type NpmBlock, npmBlock } from './npm-block.js';
import { outOfStep } from './out-of-step.js';
import { answered, connection, diskFull, isMissing, isRefused, isTampered } from './registry-words.js';
import { noScript, ownerOf, scriptFailed } from './script-words.js';
import { firstMatch, hostIn, packageIn } from './words.js';

/** Two lines of npm's before what a script prints: the script, in most versions with its package, and its command. */
const BEGIN = /^(?:>|npm notice run) (.+)$/;
/** npm 6 gives the directory, too. */
const HEADER = /^(?:(?:@[^/\s]+\/)?[^@\s]+@\S* )?(\S+)(?: (\/\S*))?$/;

/** Lines that say where the rest is, and not what has failed. */
const HELP =
  /^(?:code|errno|syscall|path|command) |^A complete log|_logs\/|^To see a list of scripts|^ +npm run$|^(?:403|404|notarget) (?:In most cases|Note that|tarball, folder|or one of your)|^404(?: {2}(?:The requested resource|This is|If you)|$)|^http fetch GET /;

/** Explains npm's failure. */
export const readNpm: Reader = (lines, failure) => {
  const block = npmBlock(lines);
  const told = block && ofBlock(block, failure);
  return told && { extract: tellingLines(block), ...told };
};

function ofBlock(block: NpmBlock, failure: Failure): Explanation | undefined {
  const git = gitDependency(block.lines.join('\n'));
  if (git) return git;
  if (block.failed) return ofScript(block, failure);
  const missing = firstMatch(block.lines, /^[Mm]issing script: "?([^"]+)"?$/)?.[1];
  if (missing) return noScript(missing);
  return ofInstall(block);
}

/** What npm says of a lockfile stands before its help, else it begins with what matters. */
function tellingLines({ lines }: NpmBlock): string[] {
  const differences = lines.filter((line) => /^(?:Missing|Invalid): /.test(line));
  const said = tidy(lines).filter((line) => !HELP.test(line));
  return (differences.length > 0 ? differences : said).slice(0, MOST_EXTRACTED);
}

function ofInstall({ lines, code = '', before }: NpmBlock): Explanation | undefined {
  const text = lines.join('\n');
  if (code === 'EUSAGE' || /can only install packages when your package\.json/.test(text))
    return outOfStep('npm');
  const status = /^E(\d{3})$/.exec(code)?.[1];
  if (status) {
    const address = firstMatch(lines, /\bGET (?:\d{3} )?(https?:\/\/\S+)/)?.[1];
    if (address) return answered(status, address, 'npmrc');
    if (status === '401' || status === '403') return isRefused(status, undefined, 'npmrc');
    return status === '404' ? isMissing(undefined) : undefined;
  }
  if (code === 'ETARGET') return isMissing(firstMatch(lines, /No matching version found for (.+?)\.?$/)?.[1]);
  if (code === 'EINTEGRITY') return tampered(lines, before);
  if (code === 'ENOSPC') return diskFull();
  // What is not of the network has codes of its own, whatever else it prints.
  return connection(/^(?:FETCH_ERROR|ERR_\w+)$/.test(code) ? text : code, hostIn(text));
}

function tampered(lines: string[], before: string[]): Explanation {
  const hashes = firstMatch(lines, /wanted (\S+) but got (.+?)\.?(?: \(|$)/);
  const warned = before.map((line) =>
    /tarball data for (\S+?)(?:@(https?:\S+))? \((\S+)\) seems to be corrupted/.exec(line),
  );
  const found = warned.find((one) => one && (!hashes || one[3] === hashes[1]));
  const what = (found?.[2] && packageIn(found[2])) || found?.[1];
  return isTampered(what, hashes?.[1], hashes?.[2]?.split(' ')[0]);
}

function ofScript({ failed, before }: NpmBlock, { step }: Failure): Explanation | undefined {
  if (!failed) return undefined;
  const begin = before.findLastIndex((line, at) => BEGIN.test(line) && BEGIN.test(before[at + 1] ?? ''));
  const header = HEADER.exec(BEGIN.exec(before[begin] ?? '')?.[1] ?? '');
  const { where, command, code } = failed;
  // npm 6 gives a name only: the directory of what it printed last tells whose it is.
  const owner = ownerOf(where.startsWith('/') ? where : (header?.[2] ?? ''));
  // In the step build, this is of a script that the build command ran: its own words say more.
  if (step !== 'install' && !owner) return undefined;
  const script = failed.script ?? (owner && failed.output.length > 0 ? undefined : header?.[1]);
  const output = failed.output.length > 0 ? failed.output : before.slice(begin === -1 ? 0 : begin + 2);
  return scriptFailed({ owner, script, command, code, output });
}
