// @ts-check
// Frameworks whose dist directory more than one setting decides.
import { posix } from 'node:path';
import { argumentsOf, assignedIn, memberAssignedIn } from './script-settings.mjs';
import { flagOf, positionals } from './scripts.mjs';
import { fromSetting } from './setting-output.mjs';
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
  Expo: expoOutput,
  Honkit: bookOutput,
  GitBook: bookOutput,
};

/** @param {Building} building @returns {Output | undefined} */
function viteOutput(building) {
  const [named] = positionals(building.words);
  const own = setting(building, 'vite.config#root');
  const inside = { ...building, directory: posix.join(building.directory, named ?? '.') };
  const outDir = setting(inside, 'vite.config#build.outDir');
  if (own && 'unsure' in own) return fromSetting(own, 'root');
  if (outDir && 'unsure' in outDir) return fromSetting(outDir, 'build.outDir');
  const root = named ?? (own ? String(own.value) : '.');
  const dist = String(outDir?.value ?? 'dist');
  // A path of the configuration's own is not one of the root.
  const value = outDir?.isPath && named === undefined ? dist : posix.join(root, dist);
  const found = outDir ?? own;
  const library = setting(building, 'vite.config#build.lib');
  if (!found && !library) return undefined;
  const reason = outDir ? 'build.outDir' : own ? 'root' : 'the usual one of Vite';
  return {
    ...{ value, reason, file: found?.file ?? null },
    ...(library ? { note: 'build.lib: it makes a library, not a site' } : {}),
  };
}

/** Unlike VitePress's, it is relative to the project. @param {Building} building @returns {Output | undefined} */
function vuePressOutput(building) {
  const found = setting(building, `${siteDirectory(building)}/.vuepress/config#dest`);
  return found && fromSetting(found, 'dest');
}

/** @param {Building} building @returns {Output | undefined} */
function eleventyOutput({ files, directory, config }) {
  const file =
    config ??
    ['.eleventy', 'eleventy.config']
      .map((name) => configFile(files, posix.join(directory, name)))
      .find((one) => one !== undefined);
  if (file === undefined) return undefined;
  const [called] = argumentsOf(files.text(file) ?? '', 'setOutputDirectory');
  const assigned = memberAssignedIn(files.text(file) ?? '', 'dir', 'output');
  const said = called ?? assigned;
  const found = said ? { ...said, file } : settingOf(files, file, 'dir.output', directory);
  return found && fromSetting(found, called ? 'setOutputDirectory' : 'dir.output');
}

/** @param {Building} building @returns {Output | undefined} */
function projectNamedOutput({ files, directory }) {
  const found = setting({ files, directory }, 'siteConfig#projectName');
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
      const found = setting({ files, directory }, `${place}#${key}`);
      if (found && 'value' in found)
        return { value: posix.normalize(String(found.value)), reason: key, file: found.file };
    }
  return undefined;
}

/** @param {Building} building @returns {Output | undefined} */
function buildPath({ files, directory, script }) {
  const [, said] = /\bBUILD_PATH=['"]?([^\s'"]+)/.exec(script) ?? [];
  if (said !== undefined) return { value: said, reason: 'BUILD_PATH in its script', file: null };
  for (const name of ['craco.config', 'config-overrides']) {
    const file = configFile(files, posix.join(directory, name));
    const found = file === undefined ? undefined : assignedIn(files.text(file) ?? '', 'appBuild');
    if (file !== undefined && found) return fromSetting({ ...found, file }, 'appBuild');
  }
  for (const name of ['.env.production', '.env']) {
    const file = posix.join(directory, name);
    const [, value] = /^[ \t]*BUILD_PATH=['"]?([^\s'"#]+)/m.exec(files.text(file) ?? '') ?? [];
    if (value !== undefined) return { value, reason: 'BUILD_PATH', file };
  }
  return undefined;
}

/** @param {Building} building @returns {Output | undefined} */
function quasarOutput(building) {
  const mode = flagOf(building.words, ['-m', '--mode']);
  return setting(building, 'quasar.config#build.distDir')
    ? undefined
    : mode === undefined
      ? undefined
      : { value: `dist/${mode}`, reason: 'the mode in its command', file: null };
}

/** webpack's, which older ones have. @param {Building} building @returns {Output | undefined} */
function expoOutput({ script }) {
  return /\b(export|build):web\b/.test(script)
    ? { value: 'web-build', reason: 'webpack makes it', file: null }
    : undefined;
}

/** @param {Building} building @returns {Output | undefined} */
function stencilOutput({ files, directory }) {
  const type = setting({ files, directory }, 'stencil.config#outputTargets.*.type');
  const dir = setting({ files, directory }, 'stencil.config#outputTargets.*.dir');
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
