// @ts-check
// Where the output of a framework is: by a flag of its command, by a setting, or by its default. What is more than a row of the table has
// a function here, under the framework's name.
import { posix } from 'node:path';
import { outputOfAngular } from './outputs-angular.mjs';
import { outputsOfScripts } from './outputs-scripts.mjs';
import { outputsOfServers } from './outputs-servers.mjs';
import { outputsOfSites } from './outputs-sites.mjs';
import { flagOf } from './scripts.mjs';
import { setting } from './settings.mjs';
import { siteDirectory } from './site-directory.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./table.mjs').Framework} Framework */
/** @typedef {import('./detection.mjs').Finding} Finding */
/**
 * @typedef {object} Building how a framework is run in a project
 * @property {ProjectFiles} files
 * @property {string} directory
 * @property {Manifest | undefined} manifest
 * @property {Framework} framework
 * @property {string} script the text of the script that runs it; empty where none does
 * @property {string[]} words what it is called with there
 * @property {string[][]} commands all commands of that script
 */
/** `note`: what is to be known of it. @typedef {Finding & { note?: string }} Output */

/** @type {Record<string, (building: Building) => Output | undefined>} */
const OWN = { ...outputsOfServers, ...outputsOfSites, ...outputsOfScripts, Angular: outputOfAngular };

/** @param {Building} building @returns {Output} */
export function outputOf(building) {
  const { framework, words } = building;
  const flag = flagOf(words, framework.flags);
  if (flag !== undefined) return ofCommand(directoryOf(flag));
  return OWN[framework.name]?.(building) ?? bySetting(building) ?? byDefault(building);
}

/** The directory of an output that may be named as a file, such as `dist/index.js`. @param {string} path */
export function directoryOf(path) {
  return /\.(html?|m?js|cjs|css)$/.test(path) ? posix.dirname(path) : path;
}

/** @param {string | null} value @returns {Output} */
export function ofCommand(value) {
  return { value, reason: 'its command says so', file: null };
}

/** @param {Building} building @returns {Output | undefined} */
function bySetting(building) {
  const { files, directory, framework } = building;
  for (const place of framework.settings) {
    const [name = '', key = ''] = place.replace('{dir}', siteDirectory(building)).split('#');
    const found = setting(files, directory, `${name}#${key}`);
    if (!found || ('value' in found && typeof found.value !== 'string')) continue;
    return fromSetting(found, key, place.includes('{dir}') ? siteDirectory(building) : '.');
  }
  return undefined;
}

/**
 * @param {import('./script-settings.mjs').Setting & { file: string }} found
 * @param {string} key
 * @param {string} base what it is relative to
 * @returns {Output}
 */
export function fromSetting(found, key, base = '.') {
  const { file } = found;
  if ('unsure' in found)
    return { value: null, reason: `${key} is set to what only the program knows: ${found.unsure}`, file };
  return { value: posix.join(base, directoryOf(String(found.value))), reason: key, file };
}

/** @param {Building} building @returns {Output} */
function byDefault(building) {
  const { framework } = building;
  if (framework.dist === undefined)
    return { value: null, reason: `${framework.name} has no usual dist directory`, file: null };
  const value = posix.normalize(framework.dist.replace('{dir}', siteDirectory(building)));
  return { value, reason: `the usual one of ${framework.name}`, file: null };
}
