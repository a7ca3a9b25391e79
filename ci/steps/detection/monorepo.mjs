// @ts-check
// The packages of a monorepo that can be deployed, and how each is built with what it needs of the others.
import { posix } from 'node:path';
import { quoted, runProgram, runScript } from './manager.mjs';
import { manifestOf } from './manifest.mjs';
import { nxApplications, nxSite } from './nx.mjs';
import { siteIn } from './site.mjs';
import { directoriesWith, neededBy, workspacesOf } from './workspaces.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./workspaces.mjs').Workspaces} Workspaces */
/** @typedef {import('./workspaces.mjs').Member} Member */
/** @typedef {import('./detection.mjs').Site} Site */
/** @typedef {import('./detection.mjs').Finding} Finding */
/** @typedef {Site & { root: string }} Package */

/** Files by which a directory that no workspaces list is taken for a project of its own. */
const SIGNS = ['package.json', 'hugo.toml', 'hugo.yaml', 'mkdocs.yml'];
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
    const found = [...ofNx, ...others.flatMap((one) => deployable(files, one, spaces, manager))];
    return found.sort((one, other) => (one.root < other.root ? -1 : 1));
  }
  if (ofNx.length > 0) return ofNx;
  return directoriesWith(files, directory, SIGNS, DEPTH).flatMap((root) => {
    const site = siteIn(files, root, manager);
    return site && site.framework.value !== null && isSite(site) ? [{ root, ...site }] : [];
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
 * The site of a monorepo's root, where one package alone can be deployed.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {Package[]} packages
 * @param {string | null} manager
 * @returns {Site}
 */
export function ofOnePackage(files, directory, packages, manager) {
  const [only] = /** @type {[Package]} */ (packages);
  const path = posix.relative(posix.normalize(directory), only.root);
  const { value, ...why } = only.dist_directory;
  return {
    ...only,
    build_command: commandAtRoot(files, directory, only, manager),
    dist_directory: { value: value === null ? null : posix.join(path, value), ...why },
    notes: [`${only.root} is the only package that can be deployed`, ...only.notes],
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
  if (!site || !isSite(site)) return [];
  const isNeeded = spaces.members.some(
    (one) => manifest.name !== undefined && one.manifest.dependencies.has(manifest.name),
  );
  // What others need is a library, unless it is more than that.
  return isNeeded ? [] : [{ root: directory, ...withNeeds(files, directory, site, manager) }];
}

/** @param {Site} site */
function isSite({ build_command, dist_directory, notes }) {
  return (
    build_command.value !== null &&
    dist_directory.value !== null &&
    !notes.some((note) => note.includes('a library'))
  );
}

/** The members to build before a package. @param {Workspaces} spaces @param {Manifest} manifest */
function needsOf(spaces, manifest) {
  return neededBy(spaces, manifest).filter((one) => 'build' in one.manifest.scripts);
}

/**
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {Package} only
 * @param {string | null} manager
 * @returns {Finding}
 */
function commandAtRoot(files, directory, only, manager) {
  const root = manifestOf(files, directory);
  if (root && 'build' in root.scripts)
    return {
      value: runScript(manager, 'build'),
      reason: `scripts.build: ${root.scripts.build}`,
      file: root.file,
    };
  // Nx is called so anywhere in the workspace.
  if (nxSite(files, only.root, manager)) return only.build_command;
  const spaces = workspacesOf(files, directory);
  const manifest = manifestOf(files, only.root);
  if (!spaces || !manifest || !('build' in manifest.scripts)) {
    const value = `cd ${quoted(posix.relative(posix.normalize(directory), only.root))} && ${only.build_command.value}`;
    return only.build_command.value === '' ? only.build_command : { ...only.build_command, value };
  }
  const own = buildOf({ directory: only.root, manifest }, manager);
  return commandWith(files, { spaces, manifest, needs: needsOf(spaces, manifest), manager }, own);
}

/**
 * A command that builds a package after what it needs: by the tool that knows the graph, else one after the other.
 * @param {ProjectFiles} files
 * @param {{ spaces: Workspaces, manifest: Manifest, needs: Member[], manager: string | null }} project
 * @param {string} own how the package alone is built
 * @returns {Finding}
 */
function commandWith(files, { spaces: { root }, manifest, needs, manager }, own) {
  const top = manifestOf(files, root);
  const name = quoted(manifest.name ?? '');
  /** @param {string} file */
  const has = (file) => files.isFile(posix.join(root, file));
  if (has('turbo.json') && top?.dependencies.has('turbo') && manifest.name)
    return {
      value: runProgram(manager, `turbo run build --filter=${name}`),
      reason: 'Turborepo builds it, and what it needs',
      file: posix.join(root, 'turbo.json'),
    };
  if (has('nx.json') && top?.dependencies.has('nx') && manifest.name)
    return {
      value: runProgram(manager, `nx run ${name}:build`),
      reason: 'Nx builds it, and what it needs',
      file: posix.join(root, 'nx.json'),
    };
  if (manager === 'pnpm' && manifest.name)
    return {
      value: `pnpm --filter ${quoted(`${manifest.name}...`)} run build`,
      reason: 'it and the packages that it needs',
      file: manifest.file,
    };
  const value = [...needs.map((one) => buildOf(one, manager)), own].join(' && ');
  return {
    value,
    reason:
      needs.length > 0 ? 'the packages that it needs, and it' : `scripts.build: ${manifest.scripts.build}`,
    file: manifest.file,
  };
}

/**
 * The command that builds one member, in any directory of the workspaces.
 * @param {Member} member
 * @param {string | null} manager
 */
function buildOf({ manifest }, manager) {
  const name = quoted(manifest.name ?? '');
  if (manager === 'yarn') return `yarn workspace ${name} run build`;
  if (manager === 'bun') return `bun run --filter ${name} build`;
  if (manager === 'pnpm') return `pnpm --filter ${name} run build`;
  return `npm run build --workspace ${name}`;
}
