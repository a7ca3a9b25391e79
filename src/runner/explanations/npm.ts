// npm's last words, in versions 6 to 12. Pure.
import type { Explanation, Failure, Reader } from './explanation.js';
import { type NpmBlock, npmBlock } from './npm-block.js';
import { outOfStep } from './out-of-step.js';
import { answered, connection, diskFull, isMissing, isRefused, isTampered } from './registry-words.js';
import { noScript, ownerOf, scriptFailed } from './script-words.js';
import { after, firstMatch, hostIn } from './words.js';

/** How npm begins what a script prints: the script's package and name. npm 6 gives the directory, too; npm 12 has a notice. */
const HEADER = /^(?:>|npm notice run) ((?:@[^/\s]+\/)?[^@\s]+)@\S+ (\S+)(?: (\/\S*))?$/;

const COMMAND = /^(?:>|npm notice run) /;

/** Explains npm's failure. */
export const readNpm: Reader = (lines, failure) => {
  const block = npmBlock(lines);
  if (!block) return undefined;
  if (block.failed) return ofScript(block, failure);
  const missing = firstMatch(block.lines, /^[Mm]issing script: "?([^"]+)"?$/)?.[1];
  if (missing) return noScript(missing);
  return ofInstall(block);
};

function ofInstall({ lines, code = '', before }: NpmBlock): Explanation | undefined {
  const text = lines.join('\n');
  if (code === 'EUSAGE' || /can only install packages when your package\.json/.test(text)) return outOfStep('npm');
  const status = /^E(\d{3})$/.exec(code)?.[1];
  if (status) {
    const address = firstMatch(lines, /\b(?:GET|PUT|POST) (https?:\/\/\S+)/)?.[1];
    if (address) return answered(status, address, 'npmrc');
    if (status === '401' || status === '403') return isRefused(status, hostIn(text.replace(/\S*npmjs\.com\/forgot/, '')), 'npmrc');
    return status === '404' ? isMissing(undefined) : undefined;
  }
  if (code === 'ETARGET') return isMissing(firstMatch(lines, /No matching version found for (.+?)\.?$/)?.[1]);
  if (code === 'EINTEGRITY') return tampered(lines, before);
  if (code === 'ENOSPC') return diskFull();
  return /^\d*$/.test(code) ? undefined : connection(`${code}\n${text}`, hostIn(text));
}

function tampered(lines: string[], before: string[]): Explanation {
  const hashes = firstMatch(lines, /wanted (\S+) but got (.+?)\.?(?: \(|$)/);
  const warned = before.map((line) => /tarball data for (\S+?)(?:@https?:\S+)? \((\S+)\) seems to be corrupted/.exec(line));
  const what = warned.find((found) => found && (!hashes || found[2] === hashes[1]))?.[1];
  return isTampered(what, hashes?.[1], hashes?.[2]?.split(' ')[0]);
}

function ofScript({ failed, before }: NpmBlock, { step }: Failure): Explanation | undefined {
  if (!failed) return undefined;
  const header = before.map((line) => HEADER.exec(line)).findLast((found) => found !== null);
  const { where, command, code } = failed;
  // npm 6 gives a name only: the directory of what it printed last tells whose it is.
  const owner = ownerOf(where.startsWith('/') ? where : (header?.[3] ?? ''));
  // In the step build, this is of a script that the build command ran: its own words say more.
  if (step !== 'install' && !owner) return undefined;
  const script = failed.script ?? (owner ? undefined : header?.[2]);
  const output = failed.output.length > 0 ? failed.output : after(before, HEADER).filter((line) => !COMMAND.test(line));
  return scriptFailed({ owner, script, command, code, output });
}
