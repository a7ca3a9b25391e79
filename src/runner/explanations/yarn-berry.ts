// The last words of yarn 2 and newer, berry: each of its lines begins with a code. Pure.
import type { Explanation, Reader } from './explanation.js';
import { gitDependency } from './git-dependency.js';
import { outOfStep } from './out-of-step.js';
import { answered, connection, diskFull, isMissing, isRefused, isTampered } from './registry-words.js';
import { noScript, scriptFailed } from './script-words.js';
import { firstMatch, hostIn, NO_SPACE, trimEnd } from './words.js';

/** https://yarnpkg.com/advanced/error-codes: what is not a failure, or says only that there was one, has 0000 or is a warning. */
const LINE = /^➤ (YN\d{4}): (?:[│┌└·] )?(.*)$/;

interface Told {
  code: string;
  words: string;
}

/** Explains berry's failure. */
export const readYarnBerry: Reader = (lines) => {
  const all = trimEnd(lines);
  const missing = /^Usage Error: Couldn't find a script named "(.+)"\.$/;
  const usage = all.findLastIndex((line) => missing.test(line));
  if (
    usage !== -1 &&
    all.slice(usage + 1).every((line) => line.trim() === '' || line.startsWith('$ yarn run'))
  )
    return noScript(missing.exec(all[usage] ?? '')?.[1] ?? '');
  if (!/^➤ YN\d{4}: .*Failed with errors/.test(all.at(-1) ?? '')) return undefined;
  const begin = all
    .slice(0, -1)
    .findLastIndex((line) => /^➤ YN0000: (?:· )?(?:Yarn \d|Done|Failed)/.test(line));
  const told = all.slice(begin + 1).flatMap((line): Told[] => {
    const found = LINE.exec(line);
    return found?.[1] ? [{ code: found[1], words: found[2]?.trim() ?? '' }] : [];
  });
  return ofRegistry(told) ?? ofScript(told) ?? ofGit(told) ?? ofError(told);
};

function ofRegistry(told: Told[]): Explanation | undefined {
  const words = (code: string) => told.filter((one) => one.code === code).map((one) => one.words);
  const first = (code: string) =>
    words(code)[0]
      ?.replace(/^(@?[^@]+@)npm:/, '$1')
      .split(': ');
  if (words('YN0028').length > 0) return outOfStep('yarn');
  if (words('YN0018').length > 0) return isTampered(first('YN0018')?.[0]);
  if (words('YN0041').length > 0)
    return isRefused(401, hostOfBerry(words('YN0041')), 'yarnrc', first('YN0041')?.[0]);
  const status = firstMatch(words('YN0035'), /^Response Code: (\d{3})/)?.[1];
  const address = firstMatch(words('YN0035'), /^Request URL: (\S+)/)?.[1];
  if (status && address) return answered(status, address, 'yarnrc');
  if (words('YN0035').length > 0) return isMissing(first('YN0035')?.[0]);
  const none = first('YN0082') ?? first('YN0016');
  return none && isMissing(none[0]);
}

/** A script's output stands in lines of its own, with the package before each. */
function ofScript(told: Told[]): Explanation | undefined {
  const failed = told.find(({ code }) => code === 'YN0009');
  const found = failed && /^(.+?) couldn't be built successfully \(exit code (\d+)/.exec(failed.words);
  if (!found?.[1]) return undefined;
  const who = found[1];
  const output = told
    .filter(({ words }) => words.startsWith(`${who} STD`))
    .map(({ words }) => words.slice(who.length).replace(/^ STD(?:OUT|ERR) ?/, ''));
  const isOwn = who.includes('@workspace:');
  return scriptFailed({
    owner: isOwn ? undefined : who.replace(/@[^@]+$/, ''),
    code: Number(found[2]),
    output,
  });
}

/** Dependencies from git. Since 4.14, berry fetches only from where the project allows it. */
function ofGit(told: Told[]): Explanation | undefined {
  const blocked = told.find(
    ({ code, words }) => code === 'YN0080' && /'approvedGitRepositories'$/.test(words),
  );
  const address = blocked && /: Request to '(\S+)' has been blocked/.exec(blocked.words)?.[1];
  if (address)
    return {
      id: 'git-off',
      fault: 'project',
      message: `this version of yarn fetches no dependency from ${address}: the project does not allow it`,
      remedy: `Add it to approvedGitRepositories in .yarnrc.yml: ["${address}"]`,
    };
  // "Fatal Error: …" is what git itself calls "fatal: …".
  const lines = told
    .filter(({ code }) => code === 'YN0001')
    .map(({ words }) =>
      words.replace(/^(\w)(\S*) Error: /, (_, first, rest) => `${first.toLowerCase()}${rest}: `),
    );
  const start = lines.findIndex((line) => line.startsWith('Repository URL: '));
  return start === -1 ? undefined : gitDependency(lines.slice(start).join('\n'));
}

/** YN0001 is an error that berry has no words for. */
function ofError(told: Told[]): Explanation | undefined {
  const words = told.filter(({ code }) => code === 'YN0001').map((one) => one.words);
  const error = words.find((one) => /Error: |^[A-Z]\w+: /.test(one)) ?? words[0];
  if (!error) return undefined;
  if (NO_SPACE.test(error)) return diskFull();
  return connection(error, hostOfBerry(words));
}

function hostOfBerry(words: string[]): string | undefined {
  return hostIn(words.join('\n')) ?? firstMatch(words, /\bE[A-Z_]+ ([\w.-]+\.[\w.-]+(?::\d+)?)/)?.[1];
}
