// @ts-check
// Which Node a project asks for, in the order of the step toolchain (requests.sh, node-version.sh).
import { posix } from 'node:path';
import { manifestOf, objectOf, upwards } from './manifest.mjs';
import { settingOf } from './settings.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./detection.mjs').Finding} Finding */
/** @typedef {(files: ProjectFiles, directory: string) => Finding | undefined} Place */

const MISE = [
  'mise.toml',
  '.mise.toml',
  'mise/config.toml',
  '.mise/config.toml',
  '.config/mise.toml',
  '.config/mise/config.toml',
];

/** The first one that says something counts, wherever it is. @type {Place[]} */
const PLACES = [
  (files, directory) => word(files, posix.join(directory, '.nvmrc')),
  (files, directory) => word(files, posix.join(directory, '.node-version')),
  (files, directory) => ofMise(files, directory) ?? ofAsdf(files, posix.join(directory, '.tool-versions')),
  (files, directory) => ofManifest(files, directory, 'volta.node', ({ volta }) => objectOf(volta).node),
  (files, directory) =>
    ofManifest(files, directory, 'devEngines.runtime', ({ devEngines }) => runtime(devEngines)),
  (files, directory) =>
    ofManifest(files, directory, 'engines.node', ({ engines }) => range(objectOf(engines).node)),
];

/** @param {ProjectFiles} files @param {string} directory @returns {Finding} */
export function nodeVersion(files, directory) {
  for (const place of PLACES)
    for (const here of upwards(directory)) {
      const found = place(files, here);
      if (found) return found;
    }
  return { value: null, reason: "the project asks for none, and gets koalaci's default", file: null };
}

/** @param {ProjectFiles} files @param {string} file @returns {Finding | undefined} */
function word(files, file) {
  const [line] = linesOf(files, file);
  return line === undefined || /^(system|default)$/.test(line.text)
    ? undefined
    : { value: line.text, reason: `line ${line.number}`, file };
}

/** @param {ProjectFiles} files @param {string} file @returns {Finding | undefined} */
function ofAsdf(files, file) {
  for (const { text, number } of linesOf(files, file)) {
    const [tool = '', version = 'system'] = text.split(/\s+/);
    if (/^(nodejs|node)$/.test(tool) && version !== 'system')
      return { value: version, reason: `line ${number}`, file };
  }
  return undefined;
}

/** @param {ProjectFiles} files @param {string} directory @returns {Finding | undefined} */
function ofMise(files, directory) {
  for (const name of MISE) {
    const file = posix.join(directory, name);
    for (const key of ['tools.node', 'tools.nodejs', 'tools.node.version']) {
      const found = files.isFile(file) ? settingOf(files, file, key) : undefined;
      // Of several, and of a table, it is the first text.
      const [, first] = found && 'unsure' in found ? (/"([^"]+)"/.exec(found.unsure) ?? []) : [];
      const value = found && 'value' in found ? String(found.value) : first;
      if (value !== undefined) return { value, reason: key, file };
    }
  }
  return undefined;
}

/**
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {string} field
 * @param {(fields: Record<string, unknown>) => unknown} read
 * @returns {Finding | undefined}
 */
function ofManifest(files, directory, field, read) {
  const manifest = manifestOf(files, directory);
  const value = manifest && read(manifest.fields);
  const text = typeof value === 'number' ? String(value) : value;
  return manifest && typeof text === 'string' && text.trim() !== ''
    ? { value: text.trim(), reason: field, file: manifest.file }
    : undefined;
}

/** Words such as "please-use-nvm" are for people. @param {unknown} text */
function range(text) {
  return typeof text === 'string' && !/[\d*]/.test(text) && !/^(lts|node|latest)/.test(text)
    ? undefined
    : text;
}

/** @param {unknown} devEngines */
function runtime(devEngines) {
  return [objectOf(devEngines).runtime].flat().find((one) => one?.name === 'node')?.version;
}

/** The lines that say anything, without comments. @param {ProjectFiles} files @param {string} file */
function linesOf(files, file) {
  return (files.text(file) ?? '')
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.replace(/#.*/, '').trim(), number: index + 1 }))
    .filter(({ text }) => text !== '');
}
