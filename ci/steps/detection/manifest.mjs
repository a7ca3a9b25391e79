// @ts-check
// What the detection reads of a package's manifest: package.json, or what pnpm reads in its place.
import { posix } from 'node:path';
import { parseJson5, parseYaml } from './manifest-forms.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/**
 * @typedef {object} Manifest
 * @property {string} file
 * @property {string | undefined} name
 * @property {Record<string, string>} scripts
 * @property {Map<string, string>} dependencies the field in which each package is named
 * @property {Record<string, unknown>} fields
 */

/** What a script does stands at its beginning. */
const MOST_SCRIPT = 16_384;
const MOST_SCRIPTS = 500;
const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * The manifest of a directory; undefined if it has none, or one that cannot be read.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @returns {Manifest | undefined}
 */
export function manifestOf(files, directory) {
  const found = fieldsIn(files, directory);
  if (found === undefined) return undefined;
  const { file, fields } = found;
  /** @type {Map<string, string>} */
  const dependencies = new Map();
  // What is only a peer is named last: it counts least.
  for (const field of DEPENDENCY_FIELDS)
    for (const name of Object.keys(objectOf(fields[field])))
      if (!dependencies.has(name)) dependencies.set(name, field);
  const all = Object.entries(objectOf(fields.scripts)).slice(0, MOST_SCRIPTS);
  const scripts = all.flatMap(([name, text]) =>
    typeof text === 'string' ? [[name, text.slice(0, MOST_SCRIPT)]] : [],
  );
  const name = typeof fields.name === 'string' ? fields.name : undefined;
  return { file, name, scripts: Object.fromEntries(scripts), dependencies, fields };
}

/** In pnpm's order. @type {[name: string, parse?: (text: string) => unknown][]} */
const MANIFESTS = [['package.json'], ['package.json5', parseJson5], ['package.yaml', parseYaml]];

/** The names that a manifest may have. */
export const MANIFEST_NAMES = MANIFESTS.map(([name]) => name);

/** @param {ProjectFiles} files @param {string} directory */
function fieldsIn(files, directory) {
  for (const [name, parse] of MANIFESTS) {
    const file = posix.join(directory, name);
    if (!files.isFile(file)) continue;
    const fields = files.json(file, parse);
    return fields && { file, fields };
  }
  return undefined;
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
