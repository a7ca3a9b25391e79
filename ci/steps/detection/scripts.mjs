// @ts-check
// Reads the scripts of a package.json: which programs they run, with which arguments. Pure.

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

/** @param {Manifest} manifest @param {string} name @param {Set<string>} seen @returns {string[][]} */
function commandsBelow(manifest, name, seen) {
  if (seen.has(name) || seen.size > MOST_CALLED || !Object.hasOwn(manifest.scripts, name)) return [];
  seen.add(name);
  const own = commandsIn(manifest.scripts[name] ?? '').flatMap((words) => {
    const called = scriptsCalledBy(words, manifest).filter((one) => !seen.has(one));
    return called.length > 0 ? called.flatMap((one) => commandsBelow(manifest, one, seen)) : [words];
  });
  const around = [`pre${name}`, `post${name}`].map((one) => commandsBelow(manifest, one, seen));
  return [...(around[0] ?? []), ...own, ...(around[1] ?? [])];
}

/** Scripts that call scripts: no person wrote more. */
const MOST_CALLED = 200;

/** More words are no command that a person wrote. */
const MOST_WORDS = 1_000;

/** The simple commands of a line of shell, without what only runs them. @param {string} line @returns {string[][]} */
export function commandsIn(line) {
  return line
    .split(/&&|\|\||[;|&\n()]/)
    .map((one) => {
      const words = one.match(/"[^"]*"|'[^']*'|[^\s"']+(?:"[^"]*"|'[^']*')?[^\s"']*/g) ?? [];
      return unwrapped(words.slice(0, MOST_WORDS).map(unquoted));
    })
    .filter((words) => words.length > 0);
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
function isProgram(word, program) {
  return (
    word === program ||
    word
      ?.replace(/\.[cm]?js$/, '')
      .split('/')
      .at(-1) === program
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
  if (first === 'node' && second.startsWith('-')) return unwrapped([first, ...words.slice(2)]);
  if (first === 'node' && second.includes('node_modules/')) return words.slice(1);
  // Such as `dotenv -e .env.production -- vite build`
  if (first.startsWith('-'))
    return unwrapped(
      words.slice(words.includes('--') ? words.indexOf('--') + 1 : /^(-e|-f|--file)$/.test(first) ? 2 : 1),
    );
  return words;
}

/** The scripts that a command runs. @param {string[]} words @param {Manifest} manifest */
export function scriptsCalledBy([program = '', ...words], { scripts }) {
  if (/^(run-[sp]|npm-run-all2?)$/.test(program))
    return words
      .filter((word) => !word.startsWith('-'))
      .flatMap((word) => matching(word.split(' ')[0] ?? '', scripts));
  // bun's own bundler
  if (!RUNNERS.test(program) || (program === 'bun' && words[0] === 'build')) return [];
  const [name = ''] = words.filter((word) => !RUN_WORDS.test(word));
  return Object.hasOwn(scripts, name) ? [name] : [];
}

/** @param {string} pattern as npm-run-all has them, with : between the parts @param {Record<string, string>} scripts */
function matching(pattern, scripts) {
  const fits = globOf(pattern.replaceAll(':', '/'));
  return Object.keys(scripts).filter((name) => fits.test(name.replaceAll(':', '/')));
}
