// @ts-check
// Tools without a dist directory of their own: it is where the commands of a script write.
import { posix } from 'node:path';
import { importedInto } from './imports.mjs';
import { argumentsOf, settingIn } from './script-settings.mjs';
import { tokensOf } from './script-tokens.mjs';
import { flagOf, positionals } from './scripts.mjs';
import { setting } from './settings.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./outputs.mjs').Building} Building */
/** @typedef {import('./outputs.mjs').Output} Output */

const FLAGS = [
  '--outdir',
  '--out-dir',
  '--outDir',
  '--out',
  '--output',
  '--output-dir',
  '--output-path',
  '--outfile',
  '-o',
  '--dist-dir',
  '--dist',
  '--dir',
  '--dest',
  '--destination',
  '-d',
];
/** A program of the project's own. */
const SCRIPT = /\.[cm]?[jt]s$/;
/** What projects call it, the commonest first. */
export const USUAL = ['dist', 'build', 'public', 'out', '_site', 'www', 'site'];

/** Those that nobody writes by hand. */
const MADE = ['dist', 'build', '_site', 'out'];
/** Those that have no other meaning. */
const ONLY_MADE = ['dist', '_site'];

/** @type {Record<string, (building: Building) => Output | undefined>} */
export const outputsOfScripts = {
  ...Object.fromEntries(
    ['Gulp', 'Grunt', 'Metalsmith', 'esbuild', 'SWC', 'Babel', 'Sass', 'Tailwind CSS', 'Marp', 'Redocly'].map(
      (name) => [name, ofCommands],
    ),
  ),
  TypeScript: compilerOutput,
};

/** A compiler that only checks has none. @param {Building} building @returns {Output | undefined} */
function compilerOutput({ files, directory }) {
  const found = setting({ files, directory }, 'tsconfig.json#compilerOptions.noEmit');
  return found && 'value' in found && found.value === true
    ? { value: null, reason: 'noEmit: it writes nothing', file: found.file }
    : undefined;
}

/**
 * The directory that the commands of a script write into; undefined if they do not say.
 * @param {Pick<Building, 'files' | 'directory' | 'commands'>} building
 * @returns {Output | undefined}
 */
export function ofCommands({ files, directory, commands }) {
  const made = commands.flatMap((words) => written(words)).map(posix.normalize);
  const called = commands.flatMap((words) => programs(files, directory, words));
  const laid = commands.flatMap((words) => copied(words)).map(posix.normalize);
  // A directory that something is only copied into counts where nothing else says more.
  const said =
    made.length > 0 ? [...made, ...laid] : called.length > 0 ? [] : laid.filter((path) => isUsual(path));
  const found = said.length > 0 ? said : called.map(({ path }) => path);
  const file = said.length > 0 ? null : (called[0]?.file ?? null);
  const tops = [...new Set(found.map((path) => path.split('/')[0] ?? ''))].filter(
    (top) => top !== '.' && top !== '..',
  );
  // All in one directory: it is that one, or the deeper one that all of them name.
  if (tops.length === 1)
    return {
      value: found.every((path) => path === found[0]) ? (found[0] ?? null) : (tops[0] ?? null),
      reason: file ? 'what it writes' : 'its commands write there',
      file,
    };
  const usual = USUAL.find((name) => tops.includes(name));
  return usual === undefined
    ? undefined
    : { value: usual, reason: 'its commands write there, and elsewhere', file };
}

/**
 * A guess: one of the usual names that has a page, or that git is told to ignore: a directory that is made.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @returns {Output | undefined}
 */
export function ignored(files, directory) {
  const kept = MADE.find((name) => files.isFile(posix.join(directory, name, 'index.html')));
  if (kept !== undefined) {
    const file = posix.join(directory, kept, 'index.html');
    return { value: kept, reason: `a guess: ${kept} has a page`, file };
  }
  const committed = ONLY_MADE.find((name) => files.isDirectory(posix.join(directory, name)));
  if (committed !== undefined)
    return { value: committed, reason: `a guess: there is ${committed}`, file: null };
  for (const file of [posix.join(directory, '.gitignore'), '.gitignore']) {
    const lines = (files.text(file) ?? '')
      .split(/\r?\n/)
      .map((line) => line.trim().replace(/^(\*\*)?\/|\/(\*\*?)?$/g, ''));
    const [found, ...others] = USUAL.filter((name) => lines.includes(name));
    if (found === undefined) continue;
    if (others.length === 0) return { value: found, reason: `a guess: ${found} is ignored`, file };
    const reason = `nothing says where it writes, and ${[found, ...others].join(', ')} are ignored: set project_dist_directory`;
    return { value: null, reason, file };
  }
  return undefined;
}

/**
 * Where a later command moves what was made.
 * @param {Pick<Building, 'files' | 'directory' | 'commands'>} building @param {string} dist
 * @returns {Output | undefined}
 */
export function movedTo({ files, directory, commands }, dist) {
  for (const [program = '', ...words] of commands) {
    const [from = '', to = ''] = /^(mv|cp)$/.test(program)
      ? words.filter((word) => !word.startsWith('-'))
      : [];
    // A copy counts where it is laid around what was made; and one file, or what stays in there, moves nothing.
    const isAll = isWithin(from, dist) && asDirectory(from) === from.replace(/\/$/, '') && to !== '';
    if (isAll && (program === 'mv' ? !isWithin(to, dist) : isWithin(dist, to)))
      return {
        value: posix.join(to, '.').replace(/(.)\/$/, '$1'),
        reason: 'its commands move it there',
        file: null,
      };
    const entry = words.find((word) => SCRIPT.test(word));
    const file = program === 'node' && entry !== undefined ? posix.join(directory, entry) : undefined;
    const source = file === undefined ? '' : (files.text(file) ?? '');
    for (const name of ['renameSync', 'rename', 'moveSync', 'move']) {
      const [[first], [second]] = [argumentsOf(source, name), argumentsOf(source, name, 1)];
      if (first && second && 'value' in first && 'value' in second && isWithin(String(first.value), dist))
        return {
          value: posix.normalize(String(second.value)),
          reason: 'it is moved there',
          file: file ?? null,
        };
    }
  }
  return undefined;
}

/** @param {string} path @param {string} dist */
function isWithin(path, dist) {
  return path !== '' && posix.join(path, '/').startsWith(posix.join(dist, '/'));
}

/** @param {string} path */
function isUsual(path) {
  return USUAL.includes(path.split('/')[0] ?? '');
}

/** What is made or copied by hand. @param {string[]} words @returns {string[]} */
function copied([program = '', ...words]) {
  if (program === 'mkdir') return positionals(words.map((word) => (word === '-p' ? '--parents=' : word)));
  if (/^(cp|cpy|cpx|cpx2|copyfiles|ncp|rsync)$/.test(program))
    return (
      words
        .filter((word) => !word.startsWith('-'))
        .slice(-1)
        .map(asDirectory)
        // Such as .env
        .filter((path) => !/^\.\w/.test(path))
    );
  return [];
}

/** Programs whose -o and -d name no output of a build. */
const NO_BUILD =
  /^(set|curl|wget|docker|podman|eslint|jest|vitest|prettier|stylelint|biome|tar|zip|unzip|git|echo|sed|awk|grep|jq|sort|openssl|test|mkdir|cp|npm|pnpm|yarn)$/;

/** What a compiler is told to write. @param {string[]} words @returns {string[]} */
function written([program = '', ...words]) {
  if (NO_BUILD.test(program)) return [];
  if (program === 'sass')
    return words
      .filter((word) => /^[^-:]+:[^:]+$/.test(word))
      .map((word) => asDirectory(word.split(':')[1] ?? ''));
  const flag = flagOf(words, FLAGS);
  return flag === undefined || flag.startsWith('-') ? [] : [asDirectory(flag)];
}

/** @param {string} path */
function asDirectory(path) {
  return /[^/.]\.\w+$/.test(path) ? posix.dirname(path) : path.replace(/\/$/, '');
}

/** The files of task runners. @type {Record<string, string[]>} */
export const TASKS = {
  gulp: ['gulpfile.js', 'gulpfile.mjs', 'gulpfile.cjs', 'gulpfile.ts'],
  grunt: ['Gruntfile.js', 'gruntfile.js', 'Gruntfile.cjs'],
};
/** Calls whose first argument is written to, and options of bundlers that are. */
const WRITING = [
  'dest',
  'destination',
  'mkdir',
  'mkdirSync',
  'writeFile',
  'writeFileSync',
  'outputFile',
  'outputFileSync',
  'emptyDir',
];
const WRITTEN = ['outdir', 'outfile', 'outDir', 'output.dir', 'output.path'];

/**
 * What a program of the project's own writes: of a task runner, or `node build.js`.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {string[]} words
 */
function programs(files, directory, [program = '', ...words]) {
  const entry = words.find((word) => SCRIPT.test(word)) ?? '';
  const names = TASKS[program] ?? (/^(node|bun|tsx|ts-node|babel-node)$/.test(program) ? [entry] : []);
  return names.flatMap((name) => {
    const file = posix.join(directory, name);
    const source = files.text(file);
    if (source === undefined) return [];
    const around = {
      folder: posix.relative(directory, posix.dirname(file)) || '.',
      imported: importedInto(files, directory, file, tokensOf(source)),
    };
    const options = WRITTEN.flatMap((key) => settingIn(source, key, around) ?? []);
    const found = [...options, ...WRITING.flatMap((called) => argumentsOf(source, called, 0, around))];
    return found.flatMap((one) =>
      'value' in one && typeof one.value === 'string'
        ? [{ path: posix.normalize(asDirectory(one.value)), file }]
        : [],
    );
  });
}
