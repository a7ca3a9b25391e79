// @ts-check
// Scripts that build in another directory of the project: `cd site && npm run build`, `yarn workspace site build`.
import { posix } from 'node:path';
import { manifestOf } from './manifest.mjs';
import { commandsIn, flagOf, positionals, scriptsCalledBy } from './scripts.mjs';
import { workspacesOf } from './workspaces.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** `script`: the one that is run there; `words`: what else the command says. @typedef {{ directory: string, script: string | undefined, words: string[] }} Target */

const RUNNERS = /^(npm|pnpm|yarn|bun|turbo|nx|lerna)$/;
const DIRECTORY_FLAGS = ['--cwd', '-C', '--dir', '--prefix'];
const PACKAGE_FLAGS = ['--filter', '-F', '--workspace', '-w', '--scope'];
const RUN_WORDS = /^(run|run-script|exec|workspace|run-many)$/;
/** Programs that a directory is entered for, and that build nothing. */
const OTHERS = /^(cd|rm|rimraf|mkdir|cp|mv|echo|git|test|\[|export|set)$/;
const MOST_SCRIPTS = 50;

/**
 * Where the commands of a script lead to: each directory once.
 * @param {ProjectFiles} files @param {string} directory @param {Manifest} manifest @param {string} name
 * @returns {Target[]}
 */
export function targetsOf(files, directory, manifest, name, seen = new Set([name])) {
  let here = directory;
  /** @type {Target[]} */
  const targets = [];
  for (const words of commandsIn(manifest.scripts[name] ?? '')) {
    if (words[0] === 'cd') here = posix.join(here, words[1] ?? '.');
    const called = here === directory ? scriptsCalledBy(words, manifest) : [];
    const target = targetOf(files, here, directory, words);
    if (target) targets.push(target);
    else
      for (const one of called.filter((other) => !seen.has(other) && seen.size < MOST_SCRIPTS))
        targets.push(...targetsOf(files, directory, manifest, one, seen.add(one)));
  }
  return targets.filter((one, at) => targets.findIndex((other) => other.directory === one.directory) === at);
}

/** @param {ProjectFiles} files @param {string} here @param {string} directory @param {string[]} all @returns {Target | undefined} */
function targetOf(files, here, directory, [program = '', ...words]) {
  const there = RUNNERS.test(program) ? directoryOf(files, here, directory, program, words) : here;
  if (there === undefined || there === directory || OTHERS.test(program) || !files.isDirectory(there))
    return undefined;
  const scripts = manifestOf(files, there)?.scripts ?? {};
  if (!RUNNERS.test(program)) return { directory: there, script: undefined, words: [] };
  const names = words.map((word) => (program === 'nx' ? (word.split(':').at(-1) ?? '') : word));
  const at = names.findIndex((name) => Object.hasOwn(scripts, name));
  return at === -1
    ? undefined
    : { directory: there, script: names[at], words: words.slice(at + 1).filter((word) => word !== '--') };
}

/** The directory that a package manager runs something in. @param {ProjectFiles} files @param {string} here @param {string} directory @param {string} program @param {string[]} words */
function directoryOf(files, here, directory, program, words) {
  const path = flagOf(words, DIRECTORY_FLAGS);
  if (path !== undefined) return posix.join(here, path);
  const [first = '', second = ''] = words;
  const [run] = positionals(words).filter((word) => !RUN_WORDS.test(word));
  const named =
    flagOf(words, PACKAGE_FLAGS) ??
    (program === 'yarn' && first === 'workspace'
      ? second
      : program === 'nx'
        ? run?.split(':')[0]
        : undefined);
  if (named === undefined) return here;
  const name = named.replace(/^[{!]*|[}.^]*$/g, '');
  const members = workspacesOf(files, directory)?.members ?? [];
  return members.find((one) => one.manifest.name === name || one.directory === posix.join(directory, name))
    ?.directory;
}
