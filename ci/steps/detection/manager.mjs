// @ts-check
// Which package manager a project uses, as the step toolchain decides it, and how its commands are written.
import { posix } from 'node:path';
import { manifestOf, objectOf, upwards } from './manifest.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./detection.mjs').Finding} Finding */

/** In the order in which koalaci tries them (managers/default.sh). */
const MANAGERS = [
  { name: 'pnpm', lockfiles: ['pnpm-lock.yaml'], run: 'pnpm run', exec: 'pnpm exec' },
  { name: 'yarn', lockfiles: ['yarn.lock'], run: 'yarn run', exec: 'yarn' },
  { name: 'bun', lockfiles: ['bun.lockb', 'bun.lock'], run: 'bun run', exec: 'bunx' },
  { name: 'npm', lockfiles: ['npm-shrinkwrap.json', 'package-lock.json'], run: 'npm run', exec: 'npx' },
];

/** @param {ProjectFiles} files @param {string} directory @returns {Finding} */
export function packageManager(files, directory) {
  const above = upwards(directory);
  for (const here of above) {
    const manifest = manifestOf(files, here);
    const named = manifest && namedBy(manifest.fields);
    if (named && MANAGERS.some(({ name }) => name === named.name))
      return { value: named.name, reason: named.field, file: manifest.file };
  }
  for (const { name, lockfiles } of MANAGERS)
    for (const here of above)
      for (const lockfile of lockfiles) {
        const file = posix.join(here, lockfile);
        if (files.isFile(file)) return { value: name, reason: 'its lockfile', file };
      }
  for (const [name, value] of [
    ['package.json', 'npm'],
    ['package.json5', 'pnpm'],
    ['package.yaml', 'pnpm'],
  ]) {
    const file = posix.join(directory, name ?? '');
    if (files.isFile(file))
      return { value: value ?? null, reason: 'no lockfile, and nothing names another one', file };
  }
  return { value: 'none', reason: 'there is no package.json', file: null };
}

/** @param {Record<string, unknown>} fields */
function namedBy({ packageManager: exact, devEngines }) {
  if (typeof exact === 'string' && exact !== '')
    return { name: exact.split('@')[0] ?? '', field: `packageManager: ${exact.split('+')[0]}` };
  const [first] = [objectOf(devEngines).packageManager].flat();
  return typeof first?.name === 'string'
    ? { name: first.name, field: 'devEngines.packageManager' }
    : undefined;
}

/** A command that runs a script of package.json. @param {string | null} manager @param {string} script */
export function runScript(manager, script) {
  return `${rowOf(manager)?.run ?? 'npm run'} ${quoted(script)}`;
}

/** A command that runs a program of a dependency. @param {string | null} manager @param {string} command */
export function runProgram(manager, command) {
  const row = rowOf(manager);
  return row ? `${row.exec} ${command}` : command;
}

/** @param {string | null} manager */
function rowOf(manager) {
  return MANAGERS.find(({ name }) => name === manager);
}

/** As one word of the shell. @param {string} word */
export function quoted(word) {
  return /^[\w:.@/+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
