// @ts-check
// Finds a setting in the configuration files of a project, whatever their language is.
import { posix } from 'node:path';
import { settingIn } from './script-settings.mjs';

/** @typedef {import('./script-settings.mjs').Setting} Setting */
/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */

const ENDINGS = [
  '',
  '.ts',
  '.js',
  '.mjs',
  '.cjs',
  '.mts',
  '.cts',
  '.json',
  '.jsonc',
  '.toml',
  '.yaml',
  '.yml',
];

/**
 * The file of that name, with any ending; undefined if there is none.
 * @param {ProjectFiles} files
 * @param {string} path
 */
export function configFile(files, path) {
  const ending = ENDINGS.find((one) => files.isFile(path + one));
  return ending === undefined ? undefined : path + ending;
}

/**
 * A setting, written as `vite.config#build.outDir`, of the project in a directory; undefined if it is not set.
 * @param {ProjectFiles} files @param {string} directory @param {string} place
 * @returns {(Setting & { file: string }) | undefined}
 */
export function setting(files, directory, place) {
  const [name = '', key = ''] = place.split('#');
  const file = configFile(files, posix.join(directory, name));
  if (file === undefined) return undefined;
  const found = settingOf(files, file, key);
  return found && { ...found, file };
}

/** @param {ProjectFiles} files @param {string} file @param {string} key @returns {Setting | undefined} */
export function settingOf(files, file, key) {
  const text = files.text(file) ?? '';
  if (/\.jsonc?$|rc$/.test(file) && /^\s*[{/]/.test(text)) return member(files.json(file), key);
  if (file.endsWith('.toml')) return ofToml(text, key);
  if (/\.ya?ml$/.test(file)) return ofYaml(text, key);
  return settingIn(text, key);
}

/** @param {unknown} object @param {string} key @returns {Setting | undefined} */
function member(object, key) {
  let value = object;
  for (const part of key.split('.'))
    value = /** @type {Record<string, unknown> | undefined} */ (value)?.[part];
  return typeof value === 'string' || typeof value === 'boolean' ? { value } : undefined;
}

/**
 * Of a text that is not read by a parser: what is in quotes, or one plain word.
 * @param {string} text
 * @returns {Setting}
 */
function scalar(text) {
  const [, double, single, plain] =
    /^(?:"([^"\\]*)"|'([^']*)'|([\w./-]+))\s*(?:#.*)?$/.exec(text.trim()) ?? [];
  const value = double ?? single ?? plain;
  if (value === undefined) return { unsure: text.trim().slice(0, 80) };
  return plain === 'true' || plain === 'false' ? { value: plain === 'true' } : { value };
}

/** @param {string} text @param {string} key @returns {Setting | undefined} */
function ofToml(text, key) {
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const [, opened] = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line) ?? [];
    if (opened !== undefined) section = `${opened}.`;
    const [, name, value = ''] = /^\s*([\w.-]+|"[\w.-]+")\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && section + name.replaceAll('"', '') === key) return scalar(value);
  }
  return undefined;
}

/** @param {string} text @param {string} key @returns {Setting | undefined} */
function ofYaml(text, key) {
  /** @type {{ indent: number, name: string }[]} */
  const above = [];
  for (const line of text.split(/\r?\n/)) {
    const [, space = '', name, value = ''] = /^( *)([\w.-]+):(?:\s+(.*))?$/.exec(line) ?? [];
    if (name === undefined) continue;
    while (above.length > 0 && (above.at(-1)?.indent ?? 0) >= space.length) above.pop();
    above.push({ indent: space.length, name });
    if (value !== '' && above.map((one) => one.name).join('.') === key) return scalar(value);
  }
  return undefined;
}
