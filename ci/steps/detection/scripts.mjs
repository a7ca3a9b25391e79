// @ts-check
// Reads the scripts of a package.json: which programs they run, with which arguments. Pure.

import { posix } from 'node:path';
import { globOf } from './glob.mjs';

/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./table.mjs').Framework} Framework */

/** Programs that only run what follows them. */
const WRAPPERS =
  /^(npx|bunx|pnpx|cross-env(-shell)?|env|dotenv|env-cmd|shx|time|exec|sudo|command|nice|\.\/node_modules\/\.bin)$/;
const RUNNERS = /^(npm|pnpm|yarn|bun|node --run)$/;
/** Words between a package manager and what it runs. */
const RUN_WORDS = /^(run|run-script|exec|dlx|x|-s|--silent|--if-present|--bun|--)$/;

/** What was found of each script: all frameworks are looked for in it. @type {WeakMap<Manifest, Map<string, string[][]>>} */
const known = new WeakMap();

/**
 * The commands of a script, each a list of words, with those of the scripts that it calls.
 * @param {Manifest} manifest
 * @param {string} name
 * @returns {string[][]}
 */
export function commandsOf(manifest, name) {
  const ofManifest = known.get(manifest) ?? new Map();
  known.set(manifest, ofManifest);
  if (!ofManifest.has(name)) ofManifest.set(name, commandsBelow(manifest, name, new Set()));
  return ofManifest.get(name) ?? [];
}

/**
 * `more`: the words that its caller adds to its last command.
 * @param {Manifest} manifest @param {string} name @param {Set<string>} seen @param {string[]} [more] @returns {string[][]}
 */
function commandsBelow(manifest, name, seen, more = []) {
  if (seen.has(name) || seen.size > MOST_CALLED || !Object.hasOwn(manifest.scripts, name)) return [];
  seen.add(name);
  const own = commandsIn(manifest.scripts[name] ?? '').flatMap((all, at, commands) => {
    const words = at === commands.length - 1 && more.length > 0 ? [...all, ...more] : all;
    const around = surroundingsOf(all);
    surroundings.set(words, around);
    const called = scriptsCalledBy(words, manifest).filter((one) => !seen.has(one));
    const [only = '', ...others] = called;
    const after = words.slice(words.indexOf(words[0] === 'npm' ? '--' : only) + 1 || words.length);
    const added = others.length === 0 ? after.filter((word) => word !== '--') : [];
    if (called.length === 0) return [words];
    const below = called.flatMap((one) => commandsBelow(manifest, one, seen, added));
    for (const one of below) {
      const { place, variables } = surroundingsOf(one);
      surroundings.set(one, { place, variables: { ...around.variables, ...variables } });
    }
    return below;
  });
  const around = [`pre${name}`, `post${name}`].map((one) => commandsBelow(manifest, one, seen));
  return [...(around[0] ?? []), ...own, ...(around[1] ?? [])];
}

/** Scripts that call scripts: no person wrote more. */
const MOST_CALLED = 200;

/** More words are no command that a person wrote. */
const MOST_WORDS = 1_000;

/** What the shell takes where a variable is not set: `${MODE:-production}`. */
const UNSET = /\$\{\w+:?-([^{}$]*)\}/g;

/** The simple commands of a line of shell, without what only runs them. @param {string} line @returns {string[][]} */
export function commandsIn(line) {
  /** The directories of the shells that a bracket has opened. */
  const shells = ['.'];
  return line
    .replace(UNSET, '$1')
    .split(/(&&|\|\||[;|&\n()])/)
    .map((one) => {
      const here = shells.at(-1) ?? '.';
      if (one === '(') shells.push(here);
      if (one === ')' && shells.length > 1) shells.pop();
      if (/^(&&|\|\||[;|&\n()])$/.test(one)) return [];
      const words = one.match(/"[^"]*"|'[^']*'|[^\s"']+(?:"[^"]*"|'[^']*')?[^\s"']*/g) ?? [];
      const all = words.slice(0, MOST_WORDS).map(unquoted);
      const command = unwrapped(all);
      if (command[0] === 'cd') shells[shells.length - 1] = posix.join(here, command[1] ?? '.');
      surroundings.set(command, {
        place: here,
        variables: variablesIn(all.slice(0, all.length - command.length)),
      });
      return command;
    })
    .filter((words) => words.length > 0);
}

/** `place`: relative to that of its script; `variables`: those of the environment that the script sets. @typedef {{ place: string, variables: Record<string, string> }} Surroundings */
/** What each command is run in. @type {WeakMap<string[], Surroundings>} */
const surroundings = new WeakMap();

/** What a command is run in. @param {string[]} command @returns {Surroundings} */
export function surroundingsOf(command) {
  return surroundings.get(command) ?? { place: '.', variables: {} };
}

/** `NAME=value` @param {string[]} words @returns {Record<string, string>} */
function variablesIn(words) {
  return Object.fromEntries(
    words.flatMap((word) => {
      const [, name, value = ''] = /^(\w+)=([^$]*)$/.exec(word) ?? [];
      return name === undefined ? [] : [[name, value]];
    }),
  );
}

/**
 * The words after one of the spellings of a framework's command; undefined if none of these commands is it.
 * @param {Framework} framework
 * @param {string[][]} commands
 * @returns {string[] | undefined}
 */
export function argumentsFor({ commands: spellings }, commands) {
  for (const words of commands)
    for (const spelling of spellings) {
      const [program = '', ...sub] = spelling
        .split(' ')
        .filter((word) => word !== '.' && !word.startsWith('--'));
      const rest = words.slice(1);
      if (!isProgram(words[0], program) || !sub.every((word) => rest.includes(word))) continue;
      return rest.filter((word) => !sub.includes(word));
    }
  return undefined;
}

/**
 * The value of the first flag that is there.
 * @param {string[]} words
 * @param {string[]} flags
 * @returns {string | undefined}
 */
export function flagOf(words, flags) {
  for (const [at, word] of words.entries())
    for (const flag of flags) {
      if (word === flag) return words[at + 1];
      if (word.startsWith(`${flag}=`)) return word.slice(flag.length + 1);
    }
  return undefined;
}

/** The words that are no flags, nor the values of flags. @param {string[]} words */
export function positionals(words) {
  return words.filter((word, at) => !word.startsWith('-') && !/^-[^=]*$/.test(words[at - 1] ?? ''));
}

/** @param {string | undefined} word @param {string} program */
function isProgram(word = '', program) {
  const file = word.replace(/\.[cm]?js$/, '').split('/');
  const [, ...inside] = word.includes('node_modules/') ? word.split('node_modules/') : [];
  // Such as node_modules/vitepress/dist/node/cli.js: the name of the package is its program's.
  const own = inside
    .at(-1)
    ?.split('/')
    .find((part) => !part.startsWith('@'));
  return (
    word === program ||
    file.at(-1) === program ||
    (own === program && /^(cli|cmd|index|main)\b/.test(file.at(-1) ?? ''))
  );
}

/** @param {string} word */
function unquoted(word) {
  return word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single);
}

/** @param {string[]} words @returns {string[]} */
function unwrapped(words) {
  const [first = '', second = ''] = words;
  if (/^\w+=/.test(first) || WRAPPERS.test(first) || first === '--') return unwrapped(words.slice(1));
  if (first === 'node' && second.startsWith('-'))
    return unwrapped([first, ...words.slice(/^(-r|--require|--import|--loader)$/.test(second) ? 3 : 2)]);
  if (first === 'node' && second.includes('node_modules/')) return words.slice(1);
  // Such as `dotenv -e .env.production -- vite build`
  if (first.startsWith('-'))
    return unwrapped(
      words.slice(words.includes('--') ? words.indexOf('--') + 1 : /^(-e|-f|--file)$/.test(first) ? 2 : 1),
    );
  return words;
}

/** What says that another package's script is meant. */
const ELSEWHERE = /^(--prefix|--cwd|-C|--dir|--workspaces?|-ws?|--filter|-F)(=|$)/;

/** The scripts that a command runs. @param {string[]} words @param {Manifest} manifest */
export function scriptsCalledBy([program = '', ...words], { scripts }) {
  if (/^(run-[sp]|npm-run-all2?)$/.test(program))
    return words
      .filter((word) => !word.startsWith('-'))
      .flatMap((word) => matching(word.split(' ')[0] ?? '', scripts));
  // bun's own bundler
  if (!RUNNERS.test(program) || (program === 'bun' && words[0] === 'build')) return [];
  if (words.some((word) => ELSEWHERE.test(word))) return [];
  const [name = ''] = words.filter((word) => !RUN_WORDS.test(word));
  return Object.hasOwn(scripts, name) ? [name] : [];
}

/** @param {string} pattern as npm-run-all has them, with : between the parts @param {Record<string, string>} scripts */
function matching(pattern, scripts) {
  const fits = globOf(pattern.replaceAll(':', '/'));
  return Object.keys(scripts).filter((name) => fits.test(name.replaceAll(':', '/')));
}
