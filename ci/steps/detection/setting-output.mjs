// @ts-check
// What a setting says of the output.
import { posix } from 'node:path';

/** @typedef {import('./outputs.mjs').Output} Output */
/** @typedef {import('./script-settings.mjs').Setting & { file: string }} Found */

/** The directory of an output that may be named as a file, such as `dist/index.js`. @param {string} path */
export function directoryOf(path) {
  return /\.(html?|m?js|cjs|css)$/.test(path) ? posix.dirname(path) : path;
}

/**
 * @param {Found} found
 * @param {string} key
 * @param {string} base what it is relative to
 * @returns {Output}
 */
export function fromSetting(found, key, base = '.') {
  if ('unsure' in found) return unsure(key, found);
  const value = posix.join(found.isPath ? '.' : base, directoryOf(String(found.value)));
  return { value, reason: key, file: found.file };
}

/** What the program alone knows. @param {string} key @param {{ unsure: string, file: string }} found @returns {Output} */
export function unsure(key, { unsure: text, file }) {
  return { value: null, reason: `${key} is set to what only the program knows: ${text}`, file };
}
