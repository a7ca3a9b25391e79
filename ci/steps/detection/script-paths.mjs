// @ts-check
// Paths that a configuration puts together of parts. Pure.
import { posix } from 'node:path';

/** @typedef {import('./script-known.mjs').Known} Known */

/** A longer one is none that a person wrote. */
const MOST_TEXT = 4_096;

/** Of the parts of a call; undefined if one is not known. @param {(Known | undefined)[]} parts @param {boolean} isResolved @returns {Known | undefined} */
export function joined(parts, isResolved) {
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

/** @param {unknown} folder @param {unknown} path */
export function inFolder(folder, path) {
  return posix.join(String(folder), String(path));
}
