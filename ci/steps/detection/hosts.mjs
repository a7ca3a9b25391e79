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
const MOST_LINES = 2_000;
/** The actions that publish a directory, and the line that names it, at most so many lines on. */
const PUBLISHING = /actions\/upload-pages-artifact|actions-gh-pages|github-pages-deploy-action/;
const PUBLISHED = /^\s+(?:publish_dir|folder|path):\s*["']?([^\s"'#]+)/i;
const LINES_ON = 12;

/** What their own files say, or what is published. @param {ProjectFiles} files @param {string} directory @returns {Output | undefined} */
export function ofOthers(files, directory) {
  return ofHosts(files, directory) ?? (directory === '.' ? ofWorkflows(files) : undefined);
}

/**
 * What their own files say. A workflow may set variables for what it publishes.
 * @param {ProjectFiles} files @param {string} directory @returns {Output | undefined}
 */
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
  return undefined;
}

/** @param {ProjectFiles} files @returns {Output | undefined} */
function ofWorkflows(files) {
  for (const name of files.list(WORKFLOWS).slice(0, MOST_WORKFLOWS)) {
    const file = posix.join(WORKFLOWS, name);
    const value = publishedBy((files.text(file) ?? '').split('\n').slice(0, MOST_LINES));
    if (value !== undefined && !value.includes('$'))
      return { value: inside(value), reason: 'what is published to GitHub Pages', file };
  }
  return undefined;
}

/** @param {string[]} lines of a workflow */
function publishedBy(lines) {
  const at = lines.findIndex((line) => PUBLISHING.test(line));
  if (at === -1) return undefined;
  // What follows the next step's dash is of another action.
  const after = lines.slice(at + 1, at + LINES_ON);
  const next = after.findIndex((line) => /^\s*- /.test(line));
  return after.slice(0, next === -1 ? LINES_ON : next).flatMap((line) => PUBLISHED.exec(line)?.[1] ?? [])[0];
}

/** Hosts take / for the project. @param {string} path */
function inside(path) {
  return posix.normalize(path.replace(/^\/+/, '') || '.').replace(/(.)\/$/, '$1');
}
