// @ts-check
// The packages of a monorepo, and what they need of each other.
import { posix } from 'node:path';
import isMember from '../decisions/is-member.cjs';
import { globOf } from './glob.mjs';
import { MANIFEST_NAMES, manifestOf, upwards } from './manifest.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {{ directory: string, manifest: Manifest }} Member */
/** @typedef {{ root: string, members: Member[] }} Workspaces */

/** Deeper ones are no packages of a site. */
const DEPTH = 5;
const SKIPPED = /^(\..*|node_modules|bower_components|vendor)$/;

/**
 * The workspaces that a directory is the root of, or a member of; undefined if it is neither.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @returns {Workspaces | undefined}
 */
export function workspacesOf(files, directory) {
  const here = posix.normalize(directory);
  for (const root of upwards(here)) {
    const spaces = rootedAt(files, root);
    if (spaces && (root === here || spaces.members.some((one) => one.directory === here))) return spaces;
  }
  return undefined;
}

/** What was found at each root: every member asks for it again. @type {WeakMap<ProjectFiles, Map<string, Workspaces | undefined>>} */
const found = new WeakMap();

/**
 * The workspaces that a directory lists; undefined if it lists none.
 * @param {ProjectFiles} files
 * @param {string} root
 * @returns {Workspaces | undefined}
 */
function rootedAt(files, root) {
  const known = found.get(files) ?? new Map();
  found.set(files, known);
  if (!known.has(root)) {
    const patterns = patternsOf(files, root);
    known.set(root, patterns.length > 0 ? { root, members: membersOf(files, root, patterns) } : undefined);
  }
  return known.get(root);
}

/**
 * The directories below one that have one of these files.
 * @param {ProjectFiles} files
 * @param {string} top
 * @param {string[]} names
 * @param {number} depth
 * @returns {string[]}
 */
export function directoriesWith(files, top, names, depth = DEPTH) {
  return files
    .directories(top)
    .filter((name) => !SKIPPED.test(name))
    .flatMap((name) => {
      const path = posix.join(top, name);
      const here = names.some((one) => files.isFile(posix.join(path, one))) ? [path] : [];
      return depth > 1 ? [...here, ...directoriesWith(files, path, names, depth - 1)] : here;
    });
}

/**
 * The members that a package needs, directly or not, those first that others need.
 * @param {Workspaces} workspaces
 * @param {Manifest} manifest
 * @returns {Member[]}
 */
export function neededBy({ members }, manifest, seen = new Set([manifest.name])) {
  return members.flatMap((member) => {
    const { name } = member.manifest;
    if (name === undefined || seen.has(name) || !manifest.dependencies.has(name)) return [];
    seen.add(name);
    return [...neededBy({ root: '', members }, member.manifest, seen), member];
  });
}

/** @param {ProjectFiles} files @param {string} directory @returns {string[]} */
function patternsOf(files, directory) {
  for (const name of ['pnpm-workspace.yaml', 'package.json', 'lerna.json']) {
    const file = posix.join(directory, name);
    const text = files.text(file);
    try {
      const patterns =
        text === undefined
          ? []
          : name === 'lerna.json'
            ? lernaPackages(files, file)
            : isMember.listed(file, text);
      if (patterns.length > 0) return patterns;
    } catch {
      // No JSON: that is said where the manifest is read.
    }
  }
  return [];
}

/** @param {ProjectFiles} files @param {string} file @returns {string[]} */
function lernaPackages(files, file) {
  const list = files.json(file)?.packages;
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

/** @param {ProjectFiles} files @param {string} root @param {string[]} patterns @returns {Member[]} */
function membersOf(files, root, patterns) {
  const rules = patterns.map((pattern) => ({
    isMember: !pattern.startsWith('!'),
    // The pattern is relative to the root.
    fits: globOf(posix.normalize(pattern.replace(/^!/, '').trim()).replace(/\/$/, '')),
    // `docs/**` has docs as well.
    top: /^(.+)\/\*\*\/?$/.exec(pattern.trim().replace(/^(!?\.\/|!)/, ''))?.[1],
  }));
  return directoriesWith(files, root, MANIFEST_NAMES).flatMap((directory) => {
    const path = posix.relative(root, directory);
    // The last one that fits decides.
    if (!rules.findLast(({ fits, top }) => fits.test(path) || path === top)?.isMember) return [];
    const manifest = manifestOf(files, directory);
    return manifest ? [{ directory, manifest }] : [];
  });
}
