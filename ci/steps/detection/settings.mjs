// @ts-check
// Finds a setting in the configuration files of a project, whatever their language is.
import { posix } from 'node:path';
import { importedInto, importsOf } from './imports.mjs';
import { settingIn } from './script-settings.mjs';
import { tokensOf } from './script-tokens.mjs';
import { ofToml, ofYaml } from './setting-forms.mjs';

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
 * Where settings are looked for. `config`: the file that a command names instead of the usual one; `variables`: what it sets.
 * @typedef {{ files: ProjectFiles, directory: string, config?: string | undefined, variables?: Record<string, string> }} Project
 */

/** Names of files that hold a setting of another one. */
const PARTS = /(config|cfg|common|base|shared|setting|path|build|prod|webpack|vite|rollup)/i;

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
 * A setting, written as `vite.config#build.outDir`; undefined if it is not set.
 * @param {Project} project @param {string} place
 * @returns {(Setting & { file: string }) | undefined}
 */
export function setting({ files, directory, config, variables }, place) {
  const [name = '', key = ''] = place.split('#');
  const isNamed = config !== undefined && /^[\w-]+\.config$/.test(name) && name !== 'svelte.config';
  const file = isNamed ? config : configFile(files, posix.join(directory, name));
  return file === undefined ? undefined : settingOf(files, file, key, directory, variables);
}

/**
 * @param {ProjectFiles} files @param {string} file @param {string} key @param {string} [directory] the project's @param {Record<string, string>} [variables]
 * @returns {(Setting & { file: string }) | undefined}
 */
export function settingOf(files, file, key, directory = posix.dirname(file), variables = {}) {
  const text = files.text(file) ?? '';
  /** @param {Setting | undefined} found */
  const here = (found) => found && { ...found, file };
  if (/\.jsonc?$|rc$/.test(file) && /^\s*[{/]/.test(text)) return here(member(files.json(file), key));
  if (file.endsWith('.toml')) return here(ofToml(text, key));
  if (/\.ya?ml$/.test(file)) return here(ofYaml(text, key));
  return ofScript(files, { file, key, directory, variables });
}

/** Of a configuration that is a program, and of its parts. @param {ProjectFiles} files @param {{ file: string, key: string, directory: string, variables: Record<string, string> }} wanted @returns {(Setting & { file: string }) | undefined} */
function ofScript(files, { file, key, directory, variables }, depth = 2) {
  const text = files.text(file) ?? '';
  const tokens = tokensOf(text);
  /** @type {Set<string>} */
  const read = new Set();
  const folder = posix.relative(directory, posix.dirname(file)) || '.';
  const around = { folder, imported: importedInto(files, directory, file, tokens), read, variables };
  const found = settingIn(text, key, around) ?? inAnother(text, key, around);
  if (read.size > 0) files.problems.set(file, `asks for ${[...read].join(', ')}: it is taken to be unset`);
  if (found || depth === 0) return found && { ...found, file };
  for (const { path } of importsOf(files, file, tokens)) {
    const part = !PARTS.test(posix.basename(path))
      ? undefined
      : path.endsWith('.json')
        ? settingOf(files, path, key)
        : ofScript(files, { file: path, key, directory, variables }, depth - 1);
    if (part) return part;
  }
  return undefined;
}

/** Where the object is what a function returns, or has a name. @param {string} text @param {string} key @param {object} around */
function inAnother(text, key, around) {
  const [, above, last] = /^([\w.]+)\.(\w+)$/.exec(key) ?? [];
  const object = above === undefined ? undefined : settingIn(text, above, around);
  return object && 'unsure' in object && !object.unsure.startsWith('{')
    ? settingIn(text, last ?? '', around)
    : undefined;
}

/** @param {unknown} object @param {string} key @returns {Setting | undefined} */
function member(object, key) {
  let value = object;
  for (const part of key.split('.'))
    value = /** @type {Record<string, unknown> | undefined} */ (value)?.[part];
  return typeof value === 'string' || typeof value === 'boolean' ? { value } : undefined;
}
