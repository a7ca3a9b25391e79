// @ts-check
// What a project has told other hosts of its output: it counts where nothing else says it.
import { posix } from 'node:path';
import { quoted } from './manager.mjs';
import { manifestOf } from './manifest.mjs';
import { commandsIn, flagOf, positionals } from './scripts.mjs';
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
  return (
    ofHosts(files, directory) ??
    (directory === '.' ? ofWorkflows(files) : undefined) ??
    ofDeployment(files, directory)
  );
}

/** Programs that publish a directory, and the flags that name it; without one, it is the word after the sub-command. */
const DEPLOYING = /** @type {const} */ ([
  ['gh-pages', [], ['-d', '--dist']],
  ['angular-cli-ghpages', [], ['--dir']],
  ['ngh', [], ['--dir']],
  ['netlify', ['deploy'], ['--dir', '-d']],
  ['surge', [], ['-p', '--project']],
  ['wrangler', ['pages', 'deploy'], []],
  ['wrangler', ['pages', 'publish'], []],
  ['aws', ['s3', 'sync'], []],
]);

/** What a script publishes. @param {ProjectFiles} files @param {string} directory @returns {Output | undefined} */
function ofDeployment(files, directory) {
  const manifest = manifestOf(files, directory);
  for (const [name, text] of Object.entries(manifest?.scripts ?? {}))
    for (const [program, ...words] of commandsIn(text))
      for (const [publisher, sub, flags] of DEPLOYING) {
        if (program !== publisher || sub.some((word, at) => words[at] !== word)) continue;
        const value = flags.length > 0 ? flagOf(words, [...flags]) : undefined;
        const path = value ?? (publisher === 'gh-pages' ? undefined : positionals(words)[sub.length]);
        if (path !== undefined && !/[$:]/.test(path))
          return {
            value: inside(path),
            reason: `what scripts.${name} publishes`,
            file: manifest?.file ?? null,
          };
      }
  return undefined;
}

/** What another host runs. @param {ProjectFiles} files @param {string} directory @returns {import('./detection.mjs').Finding | undefined} */
export function commandOfHosts(files, directory) {
  for (const [name, key] of [
    ['netlify.toml', 'build.command'],
    ['vercel.json', 'buildCommand'],
  ]) {
    const file = posix.join(directory, name ?? '');
    const found = files.isFile(file) ? settingOf(files, file, key ?? '') : undefined;
    const base = name === 'netlify.toml' ? settingOf(files, file, 'build.base') : undefined;
    const place = base && 'value' in base ? inside(String(base.value)) : '.';
    if (found && 'value' in found)
      return {
        value: `${place === '.' ? '' : `cd ${quoted(place)} && `}${found.value}`,
        reason: `${key}, for another host`,
        file,
      };
  }
  return undefined;
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

/** What a workflow publishes. @param {ProjectFiles} files @returns {Output | undefined} */
export function ofWorkflows(files) {
  return publishedByWorkflows(files)[0];
}

/** @param {ProjectFiles} files @returns {Output[]} */
function publishedByWorkflows(files) {
  return files
    .list(WORKFLOWS)
    .slice(0, MOST_WORKFLOWS)
    .flatMap((name) => {
      const file = posix.join(WORKFLOWS, name);
      const value = publishedBy((files.text(file) ?? '').split('\n').slice(0, MOST_LINES));
      if (value === undefined || value.includes('$')) return [];
      return [{ value: inside(value), reason: 'what is published to GitHub Pages', file }];
    });
}

/**
 * The one of several packages that the project itself publishes, and where it says so; undefined if it does not.
 * @template {{ root: string }} Package
 * @param {ProjectFiles} files @param {string} directory @param {Package[]} packages
 * @returns {{ chosen: Package, file: string | null } | undefined}
 */
export function publishedOf(files, directory, packages) {
  const base = settingOf(files, posix.join(directory, 'netlify.toml'), 'build.base');
  const said = [
    ofHosts(files, directory),
    base && 'value' in base ? { value: inside(String(base.value)), file: base.file } : undefined,
    ...(directory === '.' ? publishedByWorkflows(files) : []),
  ];
  for (const one of said) {
    const path = posix.join(directory, one?.value ?? '.', '/');
    const [chosen] = packages
      .filter(({ root }) => path.startsWith(posix.join(root, '/')))
      .sort((left, right) => right.root.length - left.root.length);
    if (one && chosen) return { chosen, file: one.file };
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
