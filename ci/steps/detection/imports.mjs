// @ts-check
// What a configuration takes from other files of the project: many are written in several.
import { posix } from 'node:path';
import { constantsIn } from './script-places.mjs';
import { tokensOf } from './script-tokens.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./script-tokens.mjs').Token} Token */
/** @typedef {import('./script-places.mjs').Place} Place */
/** `name`: what the file as a whole is called there. @typedef {{ path: string, name: string | undefined }} Import */

const ENDINGS = ['', '.ts', '.js', '.mjs', '.cjs', '.mts', '.json', '/index.ts', '/index.js'];
const MOST_FILES = 12;
const MOST_NAMES = 60;

/**
 * The files that a file imports by a path, in their order.
 * @param {ProjectFiles} files @param {string} file @param {Token[]} tokens @returns {Import[]}
 */
export function importsOf(files, file, tokens) {
  return tokens
    .flatMap(({ value }, at) => {
      if (value === undefined || !/^\.\.?\//.test(value) || !isImported(tokens, at)) return [];
      const path = posix.join(posix.dirname(file), value);
      // TypeScript is imported by the name that it will have.
      const [found] = [path, path.replace(/\.([cm]?)js$/, '.$1ts')]
        .flatMap((one) => ENDINGS.map((ending) => one + ending))
        .filter((one) => files.isFile(one));
      return found === undefined ? [] : [{ path: found, name: nameOf(tokens, at) }];
    })
    .slice(0, MOST_FILES);
}

/**
 * The constants that a file gets from those, and from theirs.
 * @param {ProjectFiles} files @param {string} directory of the project @param {string} file @param {Token[]} tokens
 * @returns {Map<string, Place>}
 */
export function importedInto(files, directory, file, tokens, depth = 2) {
  /** @type {Map<string, Place>} */
  const names = new Map();
  for (const { path, name } of depth > 0 ? importsOf(files, file, tokens) : []) {
    const theirs = tokensOf(files.text(path) ?? '');
    const folder = posix.relative(directory, posix.dirname(path)) || '.';
    for (const [key, place] of [
      ...importedInto(files, directory, path, theirs, depth - 1),
      ...constantsIn(theirs, folder),
    ])
      names.set(key, place);
    const exported = path.endsWith('.json') ? 0 : exportIn(theirs);
    if (name !== undefined && exported !== undefined)
      names.set(name, { tokens: theirs, at: exported, folder });
  }
  return names;
}

/** @param {Token[]} tokens @param {number} at */
function isImported(tokens, at) {
  const [before, last] = tokens.slice(Math.max(at - 2, 0), at);
  const word = last?.text === '(' ? before : last;
  return /^(from|require|import)$/.test(word?.text ?? '');
}

/** @param {Token[]} tokens @param {number} at */
function nameOf(tokens, at) {
  const required = tokens.slice(Math.max(at - 4, 0), at).map(({ text }) => text);
  if (required[1] === '=' && required[2] === 'require') return required[0];
  const before = tokens.slice(Math.max(at - MOST_NAMES, 0), at);
  const start = before.findLastIndex(({ kind, text }) => kind === 'word' && text === 'import');
  const first = before[start + 1];
  return start !== -1 && first?.kind === 'word' && first.text !== 'type' ? first.text : undefined;
}

/** Where the value begins that a file exports as a whole. @param {Token[]} tokens */
function exportIn(tokens) {
  const at = tokens.findIndex(
    ({ text }, index) =>
      (text === 'export' && tokens[index + 1]?.text === 'default') ||
      (text === 'module' && tokens[index + 2]?.text === 'exports' && tokens[index + 3]?.text === '='),
  );
  if (at === -1) return undefined;
  return at + (tokens[at]?.text === 'export' ? 2 : 4);
}
