// @ts-check
// Where the output of a framework is: by a flag of its command, by a setting, or by its default. What is more than a row of the table has
// a function here, under the framework's name.
import { posix } from 'node:path';
import { outputOfAngular } from './outputs-angular.mjs';
import { ofCommands, outputsOfScripts } from './outputs-scripts.mjs';
import { outputsOfServers } from './outputs-servers.mjs';
import { outputsOfSites } from './outputs-sites.mjs';
import { argumentsFor, flagOf } from './scripts.mjs';
import { directoryOf, fromSetting } from './setting-output.mjs';
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
 * @property {string} [config] the configuration that they name
 * @property {Record<string, string>} [variables] those of the environment that the script sets
 */
/** `note`: what is to be known of it. @typedef {Finding & { note?: string }} Output */

/** @type {Record<string, (building: Building) => Output | undefined>} */
const OWN = { ...outputsOfServers, ...outputsOfSites, ...outputsOfScripts, Angular: outputOfAngular };

/** @param {Building} project @returns {Output} */
export function outputOf(project) {
  const { framework, words, files, directory } = project;
  const named = posix.join(directory, flagOf(words, ['--config', '-c']) ?? '.');
  const building = files.isFile(named) ? { ...project, config: named } : project;
  // A compiler is one of several commands that write: what is shipped is all of it.
  const all = framework.group === 'tools' ? ofCommands(building) : undefined;
  if (all && all.value !== null) return all;
  const flag = framework.name === 'Angular' ? undefined : flagOf(words, framework.flags);
  // What the shell puts in is not known here.
  if (flag !== undefined && !/[$`]/.test(flag)) return ofServer(building) ?? ofCommand(directoryOf(flag));
  return OWN[framework.name]?.(building) ?? bySetting(building) ?? byDefault(building);
}

/**
 * A bundler that is run for browsers and once more for a server, beside each other; what follows may make pages of them.
 * @param {Building} building @returns {Output | undefined}
 */
function ofServer({ framework, commands }) {
  const runs = commands.map((words) => argumentsFor(framework, [words]));
  const isLast = runs.at(-1) !== undefined;
  const made = runs.filter((words) => words !== undefined);
  const tops = new Set(made.map((words) => posix.dirname(flagOf(words, framework.flags) ?? '.')));
  const [top = '.'] = tops;
  if (
    !isLast ||
    made.length < 2 ||
    tops.size > 1 ||
    top === '.' ||
    !made.some((words) => words.includes('--ssr'))
  )
    return undefined;
  return { ...ofCommand(top), note: 'the output is a server, not a static site' };
}

/** @param {string | null} value @returns {Output} */
export function ofCommand(value) {
  return { value, reason: 'its command says so', file: null };
}

/** @param {Building} building @returns {Output | undefined} */
function bySetting(building) {
  const {
    framework: { settings, group, dist },
  } = building;
  const all = settings.flatMap((place) => {
    const [name = '', key = ''] = place.replace('{dir}', siteDirectory(building)).split('#');
    const found = setting(building, `${name}#${key}`);
    if (!found || ('value' in found && typeof found.value !== 'string')) return [];
    return [fromSetting(found, key, place.includes('{dir}') ? siteDirectory(building) : '.')];
  });
  if (building.framework.name === 'webpack' && all[0]?.value === '.') return ofFileName(building, all[0]);
  if (group !== 'tools') return all[0];
  // One of several outputs may be the project, with directories in the names of its files, or below the usual one.
  const [found] = [...all.filter(({ value }) => value !== './' && value !== '.'), ...all];
  return found?.value?.startsWith(`${dist}/`) ? byDefault(building) : found;
}

/** A bundle may be named with its directory. @param {Building} building @param {Output} output @returns {Output} */
function ofFileName(building, output) {
  const found = setting(building, 'webpack.config#output.filename');
  const value = found && 'value' in found ? posix.dirname(posix.normalize(String(found.value))) : '.';
  return { ...output, value };
}

/** @param {Building} building @returns {Output} */
function byDefault(building) {
  const { framework } = building;
  if (framework.dist === undefined)
    return { value: null, reason: `${framework.name} has no usual dist directory`, file: null };
  const value = posix.normalize(framework.dist.replace('{dir}', siteDirectory(building)));
  return { value, reason: `the usual one of ${framework.name}`, file: null };
}
