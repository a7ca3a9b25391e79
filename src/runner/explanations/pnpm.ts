// pnpm's last words: versions up to 11 write a code before a sentence, version 12 draws them as a tree. Pure.
import type { Explanation, Failure, Reader } from './explanation.js';
import { gitDependency } from './git-dependency.js';
import { outOfStep } from './out-of-step.js';
import { type PnpmError, pnpmError } from './pnpm-error.js';
import { answered, connection, diskFull, isMissing, isTampered } from './registry-words.js';
import { noScript, ownerOf, scriptFailed } from './script-words.js';
import { hostIn, NO_SPACE, packageIn } from './words.js';

const OUT_OF_STEP =
  /^ERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE)$/;
const SCRIPT = /^(?:ELIFECYCLE|ERR_PNPM_EXECUTOR_LIFECYCLE_SCRIPT_FAILED)$/;
const GIT = /^(?:ERROR|ERR_PNPM_GIT_\w+)$/;
/** Codes of the network: other errors may have such words in a command that they name. */
const NETWORK =
  /^(?:ERR_PNPM_(?:META_FETCH|FETCH|TARBALL|REGISTRY)\w*|E(?!RR|LIFE)[A-Z]+|EAI_AGAIN|ERR_(?!PNPM_)\w+|UND_\w+|\w*CERT\w*)$/;
/** Before a command of an install script, and before each line of its output. */
const COMMAND = /^(\S+) ([\w:-]+)\$ (.*)$/;

/** Explains pnpm's failure. */
export const readPnpm: Reader = (lines, failure) => {
  const error = pnpmError(lines);
  if (!error) return undefined;
  if (SCRIPT.test(error.code)) return ofScript(error, failure);
  const { code, words } = error;
  const missing = /Missing script: (\S+)|^Command "(.+?)" not found/.exec(words);
  if (/^ERR_PNPM_(?:NO_SCRIPT|RECURSIVE_EXEC_FIRST_FAIL)$/.test(code) && missing)
    return noScript(missing[1] ?? missing[2] ?? '');
  return ofLockfile(error) ?? (GIT.test(code) ? gitDependency(words) : undefined) ?? ofRegistry(error);
};

function ofLockfile({ code, words, before }: PnpmError): Explanation | undefined {
  if (OUT_OF_STEP.test(code)) return outOfStep('pnpm', words.split('\n'));
  const isUnread =
    code === 'ERR_PNPM_LOCKFILE_BREAKING_CHANGE' ||
    (code === 'ERR_PNPM_NO_LOCKFILE' && before.some((line) => /Ignoring not compatible lockfile/.test(line)));
  if (!isUnread) return undefined;
  return {
    id: 'lockfile-version',
    fault: 'project',
    message: 'this version of pnpm does not read the pnpm-lock.yaml: another version wrote it',
    remedy:
      'Set packageManager in package.json to the version that wrote it: "pnpm@9.15.9" or newer for lockfileVersion 9.0, "pnpm@8.15.9" for 6.0.',
  };
}

function ofRegistry({ code, words }: PnpmError): Explanation | undefined {
  const status =
    /^ERR_PNPM_FETCH_(\d{3})$/.exec(code)?.[1] ?? /\breturned HTTP (\d{3}) for /.exec(words)?.[1];
  if (status) return answered(status, words, 'npmrc');
  if (/^ERR_PNPM_(?:NO_MATCHING_VERSION|PACKAGE_NOT_FOUND)/.test(code))
    return isMissing(/No matching version found for (\S+)/.exec(words)?.[1], hostIn(words));
  if (/^ERR_PNPM_(?:TARBALL_INTEGRITY|BAD_TARBALL_CHECKSUM)$/.test(code)) {
    const hash = (name: string) => new RegExp(`${name}:? "?(sha\\d+-[\\w+/=]+)`).exec(words)?.[1];
    return isTampered(packageIn(words), hash('Wanted'), hash('Got') ?? hash('Actual'));
  }
  if (code === 'ERROR' && /^fetch failed\n[\s\S]*\bpnpm\b/.test(words)) return connection('fetch failed');
  if (code === 'ENOSPC' || NO_SPACE.test(words)) return diskFull();
  return NETWORK.test(code) ? connection(`${code} ${words}`, hostIn(words)) : undefined;
}

function ofScript(error: PnpmError, { step }: Failure): Explanation | undefined {
  const { words, before } = error;
  const status = /exit(?:ed with exit)? (?:code|status):? (\d+)/.exec(words)?.[1];
  const code = status === undefined ? undefined : Number(status);
  const begun = COMMAND.exec(before.findLast((line) => COMMAND.test(line)) ?? '');
  const closed = before.findLast((line) => /^\S+ [\w:-]+: Failed$/.test(line));
  const prefix = closed?.replace(/Failed$/, '') ?? (begun ? `${begun[1]} ${begun[2]}: ` : undefined);
  if (!prefix) return step === 'install' ? ofProject(before, code) : undefined;
  // A script that the build command ran: its own words say more.
  if (step !== 'install' && !prefix.includes('node_modules/')) return undefined;
  const output = before
    .filter((line) => line.startsWith(prefix) && line !== closed)
    .map((line) => line.slice(prefix.length));
  const [directory = '', script] = prefix.slice(0, -2).split(' ');
  return scriptFailed({ owner: ownerOf(directory), script, code, output });
}

/** Up to version 9, pnpm runs the scripts of the project as npm does. */
function ofProject(before: readonly string[], code: number | undefined): Explanation {
  const header = /^> \S+ (\S+) \/\S*$/;
  const at = before.findLastIndex((line) => header.test(line));
  const script = header.exec(before[at] ?? '')?.[1];
  return scriptFailed({
    script,
    code,
    output: before.slice(at + 1).filter((line) => !line.startsWith('> ')),
  });
}
