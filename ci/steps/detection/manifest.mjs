// @ts-check
// What the detection reads of a package.json.
import { posix } from 'node:path';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/**
 * @typedef {object} Manifest
 * @property {string} file
 * @property {string | undefined} name
 * @property {Record<string, string>} scripts
 * @property {Map<string, string>} dependencies the field in which each package is named
 * @property {Record<string, unknown>} fields
 */

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * The manifest of a directory; undefined if it has none, or one that cannot be read.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @returns {Manifest | undefined}
 */
export function manifestOf(files, directory) {
  const file = posix.join(directory, 'package.json');
  const fields = files.json(file);
  if (fields === undefined) return undefined;
  /** @type {Map<string, string>} */
  const dependencies = new Map();
  // What is only a peer is named last: it counts least.
  for (const field of DEPENDENCY_FIELDS)
    for (const name of Object.keys(objectOf(fields[field])))
      if (!dependencies.has(name)) dependencies.set(name, field);
  const scripts = Object.entries(objectOf(fields.scripts)).filter(([, text]) => typeof text === 'string');
  const name = typeof fields.name === 'string' ? fields.name : undefined;
  return { file, name, scripts: Object.fromEntries(scripts), dependencies, fields };
}

/** A value as an object; an empty one if it is none. @param {unknown} value @returns {Record<string, any>} */
export function objectOf(value) {
  return typeof value === 'object' && value !== null ? value : {};
}

/** A directory and those above it, the nearest first. @param {string} directory @returns {string[]} */
export function upwards(directory) {
  const here = posix.normalize(directory);
  return here === '.' ? ['.'] : [here, ...upwards(posix.dirname(here))];
}
