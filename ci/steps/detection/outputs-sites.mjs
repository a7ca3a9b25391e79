// @ts-check
// Frameworks whose dist directory more than one setting decides.
import { posix } from 'node:path';
import { argumentsOf } from './script-settings.mjs';
import { flagOf, positionals } from './scripts.mjs';
import { configFile, setting, settingOf } from './settings.mjs';
import { siteDirectory } from './site-directory.mjs';

/** @typedef {import('./outputs.mjs').Building} Building */
/** @typedef {import('./outputs.mjs').Output} Output */

/** @type {Record<string, (building: Building) => Output | undefined>} */
export const outputsOfSites = {
  Vite: viteOutput,
  VuePress: vuePressOutput,
  Eleventy: eleventyOutput,
  'Docusaurus 1': projectNamedOutput,
  Polymer: polymerOutput,
  Hugo: hugoOutput,
  'Create React App': buildPath,
  Quasar: quasarOutput,
  Stencil: stencilOutput,
  Honkit: bookOutput,
  GitBook: bookOutput,
};

/** @param {Building} building @returns {Output | undefined} */
function viteOutput({ files, directory, words }) {
  const [named] = positionals(words);
  const own = setting(files, directory, 'vite.config#root');
  const outDir = setting(files, posix.join(directory, named ?? '.'), 'vite.config#build.outDir');
  for (const [key, found] of /** @type {const} */ ([
    ['root', own],
    ['build.outDir', outDir],
  ]))
    if (found && 'unsure' in found)
      return {
        value: null,
        reason: `${key} is set to what only the program knows: ${found.unsure}`,
        file: found.file,
      };
  const root = named ?? (own && 'value' in own ? String(own.value) : '.');
  const dist = outDir && 'value' in outDir ? String(outDir.value) : 'dist';
  const found = outDir ?? own;
  const library = setting(files, directory, 'vite.config#build.lib');
  if (!found && !library) return undefined;
  const reason = outDir ? 'build.outDir' : own ? 'root' : 'the usual one of Vite';
  return {
    ...{ value: posix.join(root, dist), reason, file: found?.file ?? null },
    ...(library ? { note: 'build.lib: it makes a library, not a site' } : {}),
  };
}

/** Unlike VitePress's, it is relative to the project. @param {Building} building @returns {Output | undefined} */
function vuePressOutput(building) {
  const found = setting(
    building.files,
    building.directory,
    `${siteDirectory(building)}/.vuepress/config#dest`,
  );
  if (!found) return undefined;
  const value = 'value' in found ? posix.normalize(String(found.value)) : null;
  const reason = 'value' in found ? 'dest' : `dest is set to what only the program knows: ${found.unsure}`;
  return { value, reason, file: found.file };
}

/** @param {Building} building @returns {Output | undefined} */
function eleventyOutput({ files, directory }) {
  const file = ['.eleventy', 'eleventy.config']
    .map((name) => configFile(files, posix.join(directory, name)))
    .find((one) => one !== undefined);
  if (file === undefined) return undefined;
  const [called] = argumentsOf(files.text(file) ?? '', 'setOutputDirectory');
  const found = called ?? settingOf(files, file, 'dir.output');
  if (found === undefined) return undefined;
  const key = called ? 'setOutputDirectory' : 'dir.output';
  if ('unsure' in found)
    return { value: null, reason: `${key} is set to what only the program knows: ${found.unsure}`, file };
  return { value: posix.normalize(String(found.value)), reason: key, file };
}

/** @param {Building} building @returns {Output | undefined} */
function projectNamedOutput({ files, directory }) {
  const found = setting(files, directory, 'siteConfig#projectName');
  return found && 'value' in found
    ? { value: posix.join('build', String(found.value)), reason: 'projectName', file: found.file }
    : undefined;
}

/** It makes several, each in a directory of its own. @param {Building} building @returns {Output | undefined} */
function polymerOutput({ files, directory }) {
  const file = posix.join(directory, 'polymer.json');
  const builds = files.json(file)?.builds;
  if (!Array.isArray(builds) || builds.length === 0) return undefined;
  const [name = 'default'] = builds.map((build) => build?.name ?? build?.preset);
  const note = `polymer.json has ${builds.length} builds: this is the first one`;
  return {
    ...{ value: `build/${name}`, reason: 'builds', file },
    ...(builds.length > 1 ? { note } : {}),
  };
}

/** @param {Building} building @returns {Output | undefined} */
function hugoOutput({ files, directory }) {
  for (const place of ['hugo', 'config', 'config/_default/hugo', 'config/_default/config'])
    for (const key of ['publishDir', 'publishdir']) {
      const found = setting(files, directory, `${place}#${key}`);
      if (found && 'value' in found)
        return { value: posix.normalize(String(found.value)), reason: key, file: found.file };
    }
  return undefined;
}

/** @param {Building} building @returns {Output | undefined} */
function buildPath({ files, directory, script }) {
  const [, said] = /\bBUILD_PATH=['"]?([^\s'"]+)/.exec(script) ?? [];
  if (said !== undefined) return { value: said, reason: 'BUILD_PATH in its script', file: null };
  for (const name of ['.env.production', '.env']) {
    const file = posix.join(directory, name);
    const [, value] = /^[ \t]*BUILD_PATH=['"]?([^\s'"#]+)/m.exec(files.text(file) ?? '') ?? [];
    if (value !== undefined) return { value, reason: 'BUILD_PATH', file };
  }
  return undefined;
}

/** @param {Building} building @returns {Output | undefined} */
function quasarOutput({ words }) {
  const mode = flagOf(words, ['-m', '--mode']);
  return mode === undefined
    ? undefined
    : { value: `dist/${mode}`, reason: 'the mode in its command', file: null };
}

/** @param {Building} building @returns {Output | undefined} */
function stencilOutput({ files, directory }) {
  const type = setting(files, directory, 'stencil.config#outputTargets.*.type');
  const dir = setting(files, directory, 'stencil.config#outputTargets.*.dir');
  if (type && 'value' in type && type.value !== 'www')
    return {
      value: dir && 'value' in dir ? String(dir.value) : 'dist',
      reason: `outputTargets: ${type.value}`,
      file: type.file,
      note: 'it makes a library, not a site',
    };
  return dir && 'value' in dir
    ? { value: String(dir.value), reason: 'outputTargets', file: dir.file }
    : undefined;
}

/** `honkit build BOOK OUTPUT` @param {Building} building @returns {Output | undefined} */
function bookOutput({ words }) {
  const [book, output] = positionals(words);
  if (book === undefined) return undefined;
  return { value: output ?? posix.join(book, '_book'), reason: 'its command says so', file: null };
}
