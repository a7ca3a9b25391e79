// @ts-check
// The packages of a monorepo that can be deployed, and how each is built with what it needs of the others.
import { posix } from 'node:path';
import { manifestOf } from './manifest.mjs';
import { nxApplications, nxSite } from './nx.mjs';
import { commandAtRoot, commandWith, needsOf } from './package-command.mjs';
import { argumentsFor, commandsOf } from './scripts.mjs';
import { siteIn } from './site.mjs';
import { frameworks } from './table.mjs';
import { directoriesWith, workspacesOf } from './workspaces.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./workspaces.mjs').Workspaces} Workspaces */
/** @typedef {import('./workspaces.mjs').Member} Member */
/** @typedef {import('./detection.mjs').Site} Site */
/** @typedef {Site & { root: string }} Package */

/** Files by which a directory that no workspaces list is taken for a project of its own. */
const SIGNS = [
  'package.json',
  'hugo.toml',
  'hugo.yaml',
  'config.toml',
  'mkdocs.yml',
  'book.toml',
  '_config.yml',
];
/** What makes styles alone makes no site. */
const OF_STYLES = ['Sass', 'Tailwind CSS'];
/** What is made is no project. */
const MADE = /^(dist|build|out|_site)$/;
const DEPTH = 2;

/**
 * The packages below a directory that can be deployed, each as if it was the project's root.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {string | null} manager
 * @returns {Package[]}
 */
export function packagesBelow(files, directory, manager) {
  const ofNx = nxApplications(files, directory).flatMap((root) => {
    const site = nxSite(files, root, manager);
    return site && isSite(site) ? [{ root, ...site }] : [];
  });
  const spaces = workspacesOf(files, directory);
  if (spaces?.root === posix.normalize(directory)) {
    const others = spaces.members.filter((one) => !ofNx.some(({ root }) => root === one.directory));
    const listed = [...ofNx, ...others.flatMap((one) => deployable(files, one, spaces, manager))];
    const found = [...listed, ...(listed.length === 0 ? sitesBeside(files, spaces, manager) : [])];
    return found.sort((one, other) => (one.root < other.root ? -1 : 1));
  }
  if (ofNx.length > 0) return ofNx;
  return directoriesWith(files, directory, SIGNS, DEPTH).flatMap((root) => {
    if (MADE.test(posix.basename(root))) return [];
    const site = siteIn(files, root, manager);
    const { value } = site?.framework ?? {};
    return site && value != null && !OF_STYLES.includes(value) && isSite(site) ? [{ root, ...site }] : [];
  });
}

/** Sites that a monorepo has beside its packages. @param {ProjectFiles} files @param {Workspaces} spaces @param {string | null} manager @returns {Package[]} */
function sitesBeside(files, { root, members }, manager) {
  return directoriesWith(files, root, ['package.json'], 1).flatMap((directory) => {
    if (members.some((one) => one.directory === directory)) return [];
    const site = siteIn(files, directory, manager);
    const { group } = frameworks().find(({ name }) => name === site?.framework.value) ?? {};
    return site && group === 'sites' && isSite(site) ? [{ root: directory, ...site }] : [];
  });
}

/**
 * A member with what it needs built before it.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {Site} site
 * @param {string | null} manager
 * @returns {Site}
 */
export function withNeeds(files, directory, site, manager) {
  const spaces = workspacesOf(files, directory);
  const manifest = manifestOf(files, directory);
  if (!spaces || !manifest || spaces.root === posix.normalize(directory)) return site;
  const needs = needsOf(spaces, manifest);
  if (needs.length === 0 || !('build' in manifest.scripts)) return site;
  return {
    ...site,
    build_command: commandWith(files, { spaces, manifest, needs, manager }, site.build_command.value ?? ''),
  };
}

/**
 * The site of a directory in which one package alone can be deployed, or is `published` by the project, as a file says. `isBuilt`: its
 * build script builds the packages.
 * @param {ProjectFiles} files
 * @param {{ directory: string, isBuilt: boolean, published: string | null | undefined }} top
 * @param {Package} only
 * @param {string | null} manager
 * @returns {Site}
 */
export function ofOnePackage(files, { directory, isBuilt, published }, only, manager) {
  const path = posix.relative(posix.normalize(directory), only.root);
  const { value, ...why } = only.dist_directory;
  return {
    ...only,
    build_command: commandAtRoot(
      files,
      { directory, isBuilt, isPublished: published != null },
      only,
      manager,
    ),
    dist_directory: { value: value === null ? null : posix.join(path, value), ...why },
    notes: [
      published
        ? `${only.root} is what ${published} publishes`
        : `${only.root} is the only package that can be deployed`,
      ...only.notes,
    ],
  };
}

/**
 * @param {ProjectFiles} files
 * @param {Member} member
 * @param {Workspaces} spaces
 * @param {string | null} manager
 * @returns {Package[]}
 */
function deployable(files, { directory, manifest }, spaces, manager) {
  const site = nxSite(files, directory, manager) ?? siteIn(files, directory, manager);
  if (!site || !isSite(site) || isLibrary(files, site, { directory, manifest })) return [];
  const isNeeded = spaces.members.some(
    (one) => manifest.name !== undefined && one.manifest.dependencies.has(manifest.name),
  );
  // What others need is a library, unless its script builds a site.
  const row = frameworks().find(({ name }) => name === site.framework.value);
  const isBuilt = row?.group === 'sites' && argumentsFor(row, commandsOf(manifest, 'build')) !== undefined;
  return isNeeded && !isBuilt ? [] : [{ root: directory, ...withNeeds(files, directory, site, manager) }];
}

/**
 * What is published for others to import, and built by what makes no sites.
 * @param {ProjectFiles} files @param {Site} site @param {Member} member
 */
function isLibrary(files, { framework: { value } }, { directory, manifest }) {
  const { fields } = manifest;
  const framework = frameworks().find(({ name }) => name === value);
  const isRun = framework && argumentsFor(framework, commandsOf(manifest, 'build'));
  const isPage =
    framework?.group === 'bundlers' &&
    ['', 'public', 'src'].some((one) => files.isFile(posix.join(directory, one, 'index.html')));
  const isPublished = ['files', 'publishConfig', 'types', 'typings'].some((name) => name in fields);
  if (fields.private === true || !(isPublished || (framework?.group === 'bundlers' && 'main' in fields)))
    return false;
  return (
    !framework ||
    framework.group === 'tools' ||
    (framework.group === 'bundlers' ? !isPage : 'build' in manifest.scripts && !isRun)
  );
}

/** @param {Site} site */
function isSite({ build_command, dist_directory, notes }) {
  return (
    build_command.value !== null &&
    dist_directory.value !== null &&
    !notes.some((note) => note.includes('a library'))
  );
}
