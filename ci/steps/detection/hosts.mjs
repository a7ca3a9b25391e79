// @ts-check
// What a project has told other hosts of its output: it counts where nothing else says it.
import { posix } from 'node:path';
import { settingOf } from './settings.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./outputs.mjs').Output} Output */

/** The file of a host, and the keys that name the directory. */
const HOSTS = /** @type {const} */ ([
  ['netlify.toml', ['build.publish']],
  ['vercel.json', ['outputDirectory']],
  ['firebase.json', ['hosting.public']],
  ['wrangler.toml', ['pages_build_output_dir', 'assets.directory']],
  ['wrangler.jsonc', ['pages_build_output_dir', 'assets.directory']],
  ['wrangler.json', ['pages_build_output_dir', 'assets.directory']],
  ['render.yaml', ['services.staticPublishPath']],
]);
const WORKFLOWS = '.github/workflows';
const MOST_WORKFLOWS = 50;
/** As the usual actions for GitHub's pages have it; and the program gh-pages, in a script. */
const IN_WORKFLOW =
  /^[ \t]+(?:publish_dir|folder|FOLDER):[ \t]*["']?([^\s"'#]+)|upload-pages-artifact[^\n]*\n(?:[^\n]*\n){0,3}?[ \t]+path:[ \t]*["']?([^\s"'#]+)/m;

/** @param {ProjectFiles} files @param {string} directory @returns {Output | undefined} */
export function ofHosts(files, directory) {
  for (const [name, keys] of HOSTS)
    for (const key of keys) {
      const file = posix.join(directory, name);
      const found = files.isFile(file) ? settingOf(files, file, key) : undefined;
      const base = name === 'netlify.toml' ? settingOf(files, file, 'build.base') : undefined;
      if (!found || !('value' in found)) continue;
      const value = posix.join(base && 'value' in base ? String(base.value) : '.', String(found.value));
      return { value: inside(value), reason: `${key}, for another host`, file };
    }
  return directory === '.' ? ofWorkflows(files) : undefined;
}

/** @param {ProjectFiles} files @returns {Output | undefined} */
function ofWorkflows(files) {
  for (const name of files.list(WORKFLOWS).slice(0, MOST_WORKFLOWS)) {
    const file = posix.join(WORKFLOWS, name);
    const [, folder, path] = IN_WORKFLOW.exec(files.text(file) ?? '') ?? [];
    const value = folder ?? path;
    if (value !== undefined && !value.includes('$'))
      return { value: inside(value), reason: 'what is published to GitHub Pages', file };
  }
  return undefined;
}

/** Hosts take / for the project. @param {string} path */
function inside(path) {
  return posix.normalize(path.replace(/^\/+/, '') || '.').replace(/(.)\/$/, '$1');
}
