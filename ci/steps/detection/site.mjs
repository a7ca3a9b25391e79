// @ts-check
// How one package, or one directory, is built: its framework, its command, its dist directory.
import { posix } from 'node:path';
import { chosenFor, isPageBundler, scriptFor } from './candidates.mjs';
import { targetsOf } from './elsewhere.mjs';
import { ofHosts, ofOthers } from './hosts.mjs';
import { quoted, runProgram, runScript } from './manager.mjs';
import { manifestOf } from './manifest.mjs';
import { outputOf } from './outputs.mjs';
import { ignored, movedTo, ofCommands } from './outputs-scripts.mjs';
import { plainSite } from './plain.mjs';
import { argumentsFor, commandsOf } from './scripts.mjs';
import { setting } from './settings.mjs';
import { siteDirectory } from './site-directory.mjs';
import { frameworks } from './table.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./table.mjs').Framework} Framework */
/** @typedef {import('./detection.mjs').Site} Site */
/** @typedef {import('./detection.mjs').Finding} Finding */
/** @typedef {import('./outputs.mjs').Output} Output */
/** @typedef {import('./candidates.mjs').Candidate} Candidate */

/** Programs of generators without Node that the builder image has. */
const IN_IMAGE = ['hugo'];

/** Files of a site, or of a browser's extension, that nothing needs to make. */
const PAGES = ['index.html', 'manifest.json'];
/** Scripts that lead to other directories, whose scripts lead on. */
const MOST_LED = 3;

/**
 * The site in a directory; undefined if there is none. `isRoot`: it is the root of workspaces, whose dependencies are its members' too,
 * so that only what its scripts run counts. `called`: the script of it that another one calls.
 * @param {ProjectFiles} files @param {string} directory @param {string | null} manager @param {boolean} [isRoot]
 * @param {{ script: string | undefined, words: string[], depth: number }} [called]
 * @returns {Site | undefined}
 */
export function siteIn(
  files,
  directory,
  manager,
  isRoot = false,
  called = { script: undefined, words: [], depth: 0 },
) {
  const manifest = manifestOf(files, directory);
  const found = chosenFor(files, directory, manifest, isRoot);
  const isBuilt = manifest !== undefined && 'build' in manifest.scripts;
  const builds = isBuilt ? commandsOf(manifest, called.script ?? 'build') : [];
  if (isBuilt && !(found && found.framework.group !== 'tools' && argumentsFor(found.framework, builds))) {
    const there = builtElsewhere({ files, directory, manifest, manager }, called);
    if (there) return there;
  }
  if (found && (found.framework.group !== 'tools' || isBuilt))
    return builtBy(found, { files, directory, manifest, manager }, called);
  if (isBuilt && !isRoot) return builtByScript(files, directory, manifest, manager);
  return plainSite(files, directory);
}

/**
 * The one site in another directory that the build script builds.
 * @param {{ files: ProjectFiles, directory: string, manifest: Manifest, manager: string | null }} project
 * @param {{ script: string | undefined, depth: number }} called
 * @returns {Site | undefined}
 */
function builtElsewhere({ files, directory, manifest, manager }, { script = 'build', depth }) {
  if (depth >= MOST_LED) return undefined;
  const sites = targetsOf(files, directory, manifest, script).flatMap((target) => {
    const site = siteIn(files, target.directory, manager, false, { ...target, depth: depth + 1 });
    const { group = 'tools' } = frameworks().find(({ name }) => name === site?.framework.value) ?? {};
    return site && group !== 'tools' ? [{ directory: target.directory, site }] : [];
  });
  const [only, ...others] = sites;
  if (!only || others.length > 0) return undefined;
  const { value, ...why } = only.site.dist_directory;
  const path = posix.relative(directory, only.directory);
  return {
    ...only.site,
    build_command: ofScript(manifest, script, manager),
    dist_directory: { value: value === null ? null : posix.join(path, value), ...why },
    notes: [`scripts.${script} builds ${only.directory}`, ...only.site.notes],
  };
}

/**
 * @param {Candidate} candidate
 * @param {{ files: ProjectFiles, directory: string, manifest: Manifest | undefined, manager: string | null }} project
 * @param {{ script: string | undefined, words: string[] }} called
 * @returns {Site}
 */
function builtBy({ framework, fits }, { files, directory, manifest, manager }, called) {
  const running = called.script ?? (manifest && scriptFor(framework, manifest));
  // A script that is called build is what the project builds with, also where it does not show what it runs.
  const name =
    running ??
    (manifest && 'build' in manifest.scripts && framework.group !== 'documents' ? 'build' : undefined);
  const commands = manifest && name !== undefined ? commandsOf(manifest, name) : [];
  const script = (name !== undefined && manifest?.scripts[name]) || '';
  const words = [...(argumentsFor(framework, commands) ?? []), ...called.words];
  const building = { files, directory, manifest, framework, script, words, commands };
  const said = outputOf(building);
  const output =
    said.value === null
      ? ((framework.dist === undefined
          ? (ofOthers(files, directory) ?? ignored(files, directory))
          : ofHosts(files, directory)) ?? said)
      : (movedTo(building, said.value) ?? said);
  const { notes, ...where } = withOutput(
    framework.group === 'sites' || isPageBundler(framework) ? output : served(files, directory, output),
  );
  return {
    framework: fits,
    build_command:
      manifest && name !== undefined ? ofScript(manifest, name, manager) : ofFramework(building, manager),
    ...where,
    public_env_prefix: prefixOf(files, directory, framework),
    notes: [...notes, ...(name === undefined ? missing(framework) : [])],
  };
}

/**
 * A project with a build script that runs nothing that the table has.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {Manifest} manifest
 * @param {string | null} manager
 * @returns {Site}
 */
function builtByScript(files, directory, manifest, manager) {
  /** @type {Output} */
  const unknown = { value: null, reason: 'its commands do not say where they write', file: manifest.file };
  const output =
    ofCommands({ files, directory, commands: commandsOf(manifest, 'build') }) ??
    ofOthers(files, directory) ??
    ignored(files, directory);
  return {
    framework: { value: null, reason: 'none that koalaci knows', file: null },
    build_command: ofScript(manifest, 'build', manager),
    ...withOutput(served(files, directory, output ?? unknown)),
    public_env_prefix: { value: null, reason: 'the framework is not known', file: null },
  };
}

/**
 * A bundle may go beside a page, or a manifest, that the project has: then the directory of that is what is served.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {Output} output
 * @returns {Output}
 */
function served(files, directory, output) {
  const parts = posix.normalize(output.value ?? '.').split('/');
  const above = parts
    .map((_, at) => parts.slice(0, at + 1).join('/'))
    .filter((path) => !/^\.\.?(\/|$)/.test(path));
  const found = above.find((path) => PAGES.some((page) => files.isFile(posix.join(directory, path, page))));
  return found === undefined ? output : { ...output, value: found };
}

/** @param {Output} output @returns {{ dist_directory: Finding, notes: string[] }} */
function withOutput({ note, ...output }) {
  return { dist_directory: output, notes: note === undefined ? [] : [note] };
}

/** @param {Manifest} manifest @param {string} name @param {string | null} manager @returns {Finding} */
function ofScript(manifest, name, manager) {
  return {
    value: runScript(manager, name),
    reason: `scripts.${name}: ${manifest.scripts[name]}`,
    file: manifest.file,
  };
}

/** @param {import('./outputs.mjs').Building} building @param {string | null} manager @returns {Finding} */
function ofFramework(building, manager) {
  const { name, commands, packages } = building.framework;
  const directory = siteDirectory(building);
  const command = (commands[0] ?? '')
    .replaceAll('{dir}/', directory === '.' ? '' : `${directory}/`)
    .replaceAll('{dir}', directory);
  const value = packages.length > 0 ? runProgram(manager, command.split(' ').map(quoted).join(' ')) : command;
  return { value, reason: `no script runs it; it is the usual one of ${name}`, file: null };
}

/** What its command needs that no dependency brings. @param {Framework} framework @returns {string[]} */
function missing({ name, commands: [command = ''], packages }) {
  const program = command.split(' ')[0] ?? '';
  if (packages.length > 0 || IN_IMAGE.includes(program)) return [];
  return [
    `${name} needs ${program}, which koalaci's own builder image does not have: KOALACI_IMAGE can name one that has it`,
  ];
}

/** @param {ProjectFiles} files @param {string} directory @param {Framework} framework @returns {Finding} */
function prefixOf(files, directory, { name, env }) {
  if (env === undefined) return { value: null, reason: `${name} has none`, file: null };
  const own = env === 'VITE_' ? setting({ files, directory }, 'vite.config#envPrefix') : undefined;
  if (own && 'value' in own) return { value: String(own.value), reason: 'envPrefix', file: own.file };
  return { value: env, reason: `the one of ${name}`, file: null };
}
