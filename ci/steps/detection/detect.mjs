// @ts-check
// What a project is, and how koalaci would build it: from its files alone, without running any of its code. Read this first.
import { posix } from 'node:path';
import { commandOfHosts, ofHosts, publishedOf } from './hosts.mjs';
import { packageManager } from './manager.mjs';
import { manifestOf } from './manifest.mjs';
import { ofOnePackage, packagesBelow, withNeeds } from './monorepo.mjs';
import { nodeVersion } from './node-version.mjs';
import { nxApplications, nxSite } from './nx.mjs';
import { notesOn, ownRoot, projectFile, saidBy } from './project-file.mjs';
import { ProjectFiles } from './project-files.mjs';
import { siteIn } from './site.mjs';
import { frameworks } from './table.mjs';
import { toolCaches } from './tool-caches.mjs';
import { workspacesOf } from './workspaces.mjs';

/** Letters of a reason. */
const MOST_REASON = 300;

/** @typedef {import('./detection.mjs').Detection} Detection */
/** @typedef {import('./detection.mjs').Site} Site */
/** @typedef {import('./detection.mjs').Finding} Finding */

/**
 * Finds out what is in a directory, `root`, of the repository at `top`. `manager` is the package manager, where that is known.
 * @param {string} top @param {string} [root] @param {string} [manager] @returns {Detection}
 */
export function detect(top, root, manager) {
  return detectIn(new ProjectFiles(top), root, manager);
}

/** As detect(), of these files. @param {ProjectFiles} files @param {string} [root] @param {string} [manager] @returns {Detection} */
export function detectIn(files, root = '.', manager) {
  const asked = posix.normalize(root).replace(/(.)\/$/, '$1');
  const directory = asked === '.' ? ownRoot(files) : asked;
  const own = projectFile(files, directory);
  /** @type {Finding} */
  const chosen = manager
    ? { value: manager, reason: 'the job says so', file: null }
    : (saidBy(own, 'project_package_manager') ?? packageManager(files, directory));
  const isRoot =
    workspacesOf(files, directory)?.root === directory || nxApplications(files, directory).length > 0;
  const found = nxSite(files, directory, chosen.value) ?? siteIn(files, directory, chosen.value, isRoot);
  const command = found?.build_command.value ?? null;
  const isCompiled = command !== null && found !== undefined && isNoSite(found);
  const isPageBelow = command === '' && found?.dist_directory.value !== '.';
  // Directories of a site are its own, unless it lists them as packages.
  const below =
    command !== null && !isRoot && !isCompiled && !isPageBelow
      ? []
      : packagesBelow(files, directory, chosen.value);
  // What is built goes before pages that lie somewhere.
  const packages = command || isPageBelow ? below.filter((one) => one.build_command.value !== '') : below;
  const published = !command || isCompiled ? publishedOf(files, directory, packages) : undefined;
  const only = published?.chosen ?? onlySite(packages);
  const site =
    found && !published && (command || packages.length === 0)
      ? withNeeds(files, directory, found, chosen.value)
      : only
        ? ofOnePackage(
            files,
            { directory, isBuilt: !isCompiled, published: published?.file },
            only,
            chosen.value,
          )
        : (siteElsewhere(files, directory, packages.length) ?? nothing(packages.map((one) => one.root)));
  const { framework, build_command, dist_directory, public_env_prefix, notes } = inside(
    bySaid(site, own),
    directory,
  );
  const problems = [...files.problems].map(([file, problem]) => `${file} ${problem}`);
  return bounded({
    root: directory,
    name: nameOf(files, directory),
    framework,
    package_manager: chosen,
    node_version: saidBy(own, 'node_version') ?? nodeVersion(files, directory),
    build_command,
    dist_directory,
    tool_caches: toolCaches(files, directory),
    public_env_prefix,
    packages,
    notes: [...notesOn(own), ...notes, ...problems],
  });
}

/** The only package; or the only one that is a site, where the others are servers, or compiled. @template {Site} Package @param {Package[]} packages @returns {Package | undefined} */
function onlySite(packages) {
  const sites = packages.filter(({ framework }) => !isToolOrNone(framework.value));
  const [only, ...others] = packages.length === 1 ? packages : sites;
  return others.length > 0 ? undefined : only;
}

/** What nothing here explains, and the project has told another host how to build. @param {ProjectFiles} files @param {string} directory @param {number} packages @returns {Site | undefined} */
function siteElsewhere(files, directory, packages) {
  const build_command = packages === 0 ? commandOfHosts(files, directory) : undefined;
  const dist_directory = build_command && ofHosts(files, directory);
  if (!build_command || !dist_directory) return undefined;
  const none = { value: null, reason: 'none that koalaci knows', file: null };
  return { framework: none, build_command, dist_directory, public_env_prefix: none, notes: [] };
}

/** What makes a library, or anything. @param {Site} site */
function isNoSite({ framework, build_command, notes }) {
  const { group } = frameworks().find(({ name }) => name === framework.value) ?? {};
  // A bundler that no script runs may be there for what is below.
  const isIdle = group === 'bundlers' && build_command.file === null;
  return isIdle || isToolOrNone(framework.value) || notes.some((note) => note.includes('a library'));
}

/** A compiler, or what nobody knows: it may build anything. @param {string | null} framework */
function isToolOrNone(framework) {
  return framework === null || frameworks().find(({ name }) => name === framework)?.group === 'tools';
}

/** What the project says itself goes before what is found. @param {Site} site @param {import('./project-file.mjs').ProjectFile | undefined} own @returns {Site} */
function bySaid(site, own) {
  return {
    ...site,
    build_command: saidBy(own, 'project_build_command') ?? site.build_command,
    dist_directory: saidBy(own, 'project_dist_directory') ?? site.dist_directory,
  };
}

/** With reasons that can be read: a script, or the name of a package, may be as long as its file. @template T @param {T} found @returns {T} */
function bounded(found) {
  return JSON.parse(JSON.stringify(found), (key, value) =>
    key === 'reason' && value.length > MOST_REASON ? `${value.slice(0, MOST_REASON)}…` : value,
  );
}

/** @param {ProjectFiles} files @param {string} directory @returns {Finding} */
function nameOf(files, directory) {
  const { name = '', file = null } = manifestOf(files, directory) ?? {};
  if (name === '') return { value: null, reason: 'nothing names it', file: null };
  return { value: name, reason: 'name', file };
}

/** @param {string[]} roots of the packages that could be meant @returns {Site} */
function nothing(roots) {
  const reason =
    roots.length > 1
      ? `${roots.length} packages can be deployed: set project_root to one of them`
      : 'nothing that koalaci knows how to build';
  const none = { value: null, reason, file: null };
  return { framework: none, build_command: none, dist_directory: none, public_env_prefix: none, notes: [] };
}

/**
 * A configuration may name any place; only those in the repository can be shipped.
 * @param {Site} site
 * @param {string} directory
 * @returns {Site}
 */
function inside(site, directory) {
  const { value, file } = site.dist_directory;
  if (value === null) return site;
  const path = posix.normalize(value).replace(/(.)\/$/, '$1');
  const isInside =
    !posix.isAbsolute(path) && !/^\.\.(\/|$)/.test(posix.join(directory, path)) && !/\p{Cc}/u.test(path);
  const dist_directory = isInside
    ? { ...site.dist_directory, value: path }
    : { value: null, reason: `${JSON.stringify(value)} is outside the project`, file };
  return { ...site, dist_directory };
}
