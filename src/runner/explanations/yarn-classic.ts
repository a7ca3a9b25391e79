// The last words of yarn 1. Pure.
import type { Explanation, Reader } from './explanation.js';
import { gitDependency } from './git-dependency.js';
import { outOfStep } from './out-of-step.js';
import { answered, connection, diskFull, isMissing, isTampered } from './registry-words.js';
import { noScript, ownerOf, scriptFailed } from './script-words.js';
import { after, hostIn, NO_SPACE, packageIn, trimEnd } from './words.js';

const VISIT =
  /^info Visit https:\/\/yarnpkg\.com\/en\/docs\/cli\/(\S+) for documentation about this command\.$/;
const FRAME = /^\s+at |^info /;

/** Explains yarn 1's failure. */
export const readYarnClassic: Reader = (lines, { step }) => {
  const all = trimEnd(lines);
  const command = VISIT.exec(all.at(-1) ?? '')?.[1];
  if (!command) return undefined;
  const said = all.slice(0, -1);
  const script = ofDependency(said) ?? ofGit(said);
  if (script) return script;
  const last = said.findLastIndex((line) => /^error /.test(line));
  // What follows its error is a stack at most.
  if (last === -1 || !said.slice(last + 1).every((line) => FRAME.test(line))) return undefined;
  const words = (said[last] ?? '').replace(/^error (?:An unexpected error occurred: )?/, '');
  const failed = /^Command failed(?: with exit code (\d+))?\./.exec(words);
  if (failed) return step === 'install' ? ofProject(said.slice(0, last), failed[1]) : undefined;
  const missing = /^Command "(.+)" not found\.$/.exec(words)?.[1];
  if (missing) return noScript(missing);
  return ofEngine(said) ?? ofRegistry(words);
};

/** Two errors: one names the package, the other only says that there was one. */
function ofEngine(said: readonly string[]): Explanation | undefined {
  const line = said.findLast((one) => /^error .*: The engine "node" is incompatible/.test(one)) ?? '';
  const found = /^error (\S+?): .*Expected version "([^"]+)"\. Got "([^"]+)"$/.exec(line);
  if (!found || said.at(-1) !== 'error Found incompatible module.') return undefined;
  const [, name, wanted, got] = found;
  return {
    id: 'engine',
    fault: 'project',
    message: `${name} needs Node ${wanted}, and this build has ${got}`,
    remedy:
      'Set node_version (or engines) to a version that fits, or put "ignore-engines true" into .yarnrc.',
  };
}

function ofRegistry(words: string): Explanation | undefined {
  if (/^Your lockfile needs to be updated/.test(words)) return outOfStep('yarn');
  const status = /Request failed \\?"(\d{3})/.exec(words)?.[1];
  if (status) return answered(status, words, 'npmrc');
  const refused = /Request "(https?:\/\/\S+)" returned a (\d{3})/.exec(words);
  if (refused?.[1] && refused[2]) return answered(refused[2], refused[1], 'npmrc');
  const versions = /^Couldn't find any versions for "(.+)" that matches "(.+)"/.exec(words);
  if (versions) return isMissing(`${versions[1]}@${versions[2]}`);
  const none = /^Couldn't find package "([^"]+)"(?:.* on the "([^"]+)" registry)?/.exec(words);
  if (none) return isMissing(none[1]);
  const tampered = /Integrity check failed for "(.+?)"(?:.* got "(\S+))?/.exec(words);
  if (tampered) return isTampered(packageIn(words) ?? tampered[1], undefined, tampered[2]?.replace(/"$/, ''));
  if (NO_SPACE.test(words)) return diskFull();
  return connection(words, hostIn(words) ?? hostOf(words));
}

/** The host in an error of Node.js, which has no address: "connect ECONNREFUSED 127.0.0.1:4875". */
function hostOf(words: string): string | undefined {
  return /\b(?:E[A-Z]+|EAI_AGAIN) ([\w.-]+\.[\w.-]+(?::\d+)?|[\w-]+:\d+)/.exec(words)?.[1];
}

function ofDependency(said: readonly string[]): Explanation | undefined {
  const start = said.findIndex(
    (line, at) => /^error \/.*: Command failed\.$/.test(line) && /^Exit code: \d+$/.test(said[at + 1] ?? ''),
  );
  if (start === -1) return undefined;
  const rest = said.slice(start);
  const field = (name: string) => rest.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  return scriptFailed({
    owner: ownerOf(field('Directory') ?? ''),
    command: field('Command'),
    code: Number(field('Exit code')),
    output: after(rest.slice(0, 400), /^Output:$/),
  });
}

function ofGit(said: readonly string[]): Explanation | undefined {
  const start = said.findLastIndex(
    (line, at) => line === 'error Command failed.' && said[at + 2] === 'Command: git',
  );
  return start === -1 ? undefined : gitDependency(said.slice(start).join('\n'));
}

function ofProject(said: readonly string[], code: string | undefined): Explanation {
  const command = said.findLast((line) => line.startsWith('$ '))?.slice(2);
  return scriptFailed({
    command,
    code: code === undefined ? undefined : Number(code),
    output: after(said, /^\$ /),
  });
}
