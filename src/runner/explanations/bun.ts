// bun's last words. Pure.
import type { Explanation, Reader } from './explanation.js';
import { outOfStep } from './out-of-step.js';
import { answered, connection, diskFull, isMissing, isTampered } from './registry-words.js';
import { noScript, scriptFailed } from './script-words.js';
import { after, trimEnd } from './words.js';

/** How an install of bun's begins, or one for bunx. */
const BEGIN = /^bun (?:install|add|i|ci) v\d|^Resolving dependencies$/;

/** Explains bun's failure. */
export const readBun: Reader = (lines) => {
  const all = trimEnd(lines);
  const last = all.at(-1) ?? '';
  const missing = /^error: Script not found "(.+)"$/.exec(last)?.[1];
  if (missing) return noScript(missing);
  if (!all.some((line) => BEGIN.test(line))) return undefined;
  const said = after(all, BEGIN);
  return ofScript(said) ?? ofRegistry(said);
};

function ofScript(said: string[]): Explanation | undefined {
  const failed = /^error: (\S+) script from "(.+)" exited with (\d+)$/.exec(said.at(-1) ?? '');
  if (!failed?.[2]) return undefined;
  const command = said.findLastIndex((line) => line.startsWith('$ '));
  // bun shows the command of the project's own scripts only.
  const owner = command === -1 ? failed[2] : undefined;
  const output = said.slice(command + 1, -1).filter((line) => line.trim() !== '');
  return scriptFailed({ owner, script: failed[1], code: Number(failed[3]), output });
}

function ofRegistry(said: string[]): Explanation | undefined {
  const end = said.findLastIndex((line) => !/^note: |^\s*$/.test(line));
  const last = said[end] ?? '';
  // Its errors stand together at its end.
  const start = said.slice(0, end).findLastIndex((line) => !line.startsWith('error: '));
  const words = said.slice(start + 1, end + 1).join('\n');
  if (!last.startsWith('error: ')) return undefined;
  if (/^error: lockfile had changes, but lockfile is frozen/m.test(words)) return outOfStep('bun', said);
  const status = /^error: GET (https?:\/\/\S+) - (\d{3})/m.exec(words);
  if (status?.[1] && status[2]) return answered(status[2], status[1], 'npmrc');
  const none = /^error: No version matching "(.+)" found for specifier "(.+?)"/m.exec(words);
  if (none) return isMissing(`${none[2]}@${none[1]}`);
  const absent = /^error: package "(.+)" not found (\S+)/m.exec(words);
  if (absent) return isMissing(absent[1]);
  const tampered = /^error: Integrity check failed for tarball: (.+)$/m.exec(words);
  if (tampered) return isTampered(tampered[1]);
  if (/\b(?:ENOSPC|NoSpaceLeft)\b/.test(words)) return diskFull();
  return /^error: \w+ downloading /m.test(words) ? connection(words) : undefined;
}
