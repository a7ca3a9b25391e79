// @ts-check
// Paths that a configuration puts together of parts. Pure.
import { posix } from 'node:path';
import { isText } from './script-known.mjs';

/** @typedef {import('./script-known.mjs').Known} Known */

/** A longer one is none that a person wrote. */
const MOST_TEXT = 4_096;

/** Of the parts of a call; undefined if one is not known. @param {(Known | undefined)[]} parts @param {boolean} isResolved @returns {Known | undefined} */
function joined(parts, isResolved) {
  /** @type {Known} */
  let path = { value: isResolved ? '.' : '', isPath: isResolved };
  for (const [at, part] of parts.entries()) {
    if (typeof part?.value !== 'string' || part.value.length > MOST_TEXT) return undefined;
    if (part.isPath && (isResolved || at === 0)) path = part;
    else if (part.isPath || part.value.startsWith('/')) return undefined;
    else path = { value: inFolder(path.value, part.value), isPath: path.isPath ?? false };
  }
  return path;
}

/** `one + other` @param {Known | undefined} one @param {Known | undefined} other @returns {Known | undefined} */
export function added(one, other) {
  const text = String(one?.value) + String(other?.value);
  if (!isText(one) || !isText(other) || other.isPath || text.length > MOST_TEXT) return undefined;
  return { value: one.isPath ? inFolder(one.value, other.value) : text, isPath: one.isPath ?? false };
}

/** What a function of Node's makes of paths; undefined if it is none, or one is not known. @param {string} name @param {(Known | undefined)[]} given @returns {Known | undefined} */
export function pathOf(name, given) {
  const [first, base] = given;
  if (name === 'URL') return first && base?.isPath ? joined([above(base), first], false) : undefined;
  if (/^(fileURLToPath|normalizePath|String|realpathSync)$/.test(name)) return first;
  if (name === 'dirname') return first?.isPath ? above(first) : undefined;
  return /^(resolve|join)$/.test(name) ? joined(given, name === 'resolve') : undefined;
}

/** The directory of a path. @param {Known} path @returns {Known} */
function above(path) {
  return { ...path, value: inFolder(path.value, '..') };
}

/** @param {unknown} folder @param {unknown} path */
export function inFolder(folder, path) {
  return posix.join(String(folder), String(path));
}
