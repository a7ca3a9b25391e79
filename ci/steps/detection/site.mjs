// @ts-check
// How one package, or one directory, is built: its framework, its command, its dist directory.
import { posix } from 'node:path';
import { chosenFor, isPageBundler, scriptFor } from './candidates.mjs';
import { targetsOf } from './elsewhere.mjs';
import { missing, ofFramework, withGenerator } from './generator-command.mjs';
import { ofHosts, ofOthers } from './hosts.mjs';
import { runScript } from './manager.mjs';
import { manifestOf } from './manifest.mjs';
import { outputOf } from './outputs.mjs';
import { ignored, movedTo, ofCommands } from './outputs-scripts.mjs';
import { plainSite } from './plain.mjs';
import { argumentsFor, commandsOf, flagOf, surroundingsOf } from './scripts.mjs';
import { setting } from './settings.mjs';
import { frameworks } from './table.mjs';
import { builtByTask } from './task-runner.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./table.mjs').Framework} Framework */
/** @typedef {import('./detection.mjs').Site} Site */
/** @typedef {import('./detection.mjs').Finding} Finding */
/** @typedef {import('./outputs.mjs').Output} Output */
/** @typedef {import('./candidates.mjs').Candidate} Candidate */

/** Files of a site, or of a browser's extension, that nothing needs to make. */
const PAGES = ['index.html', 'manifest.json'];
/** Programs that make nothing. */
const NOTHING = /^(echo|true|exit|:)$/;
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
  return (
    (manifest && !isBuilt && builtByTask(files, directory, manifest, manager)) || plainSite(files, directory)
  );
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
    const framework = frameworks().find(({ name }) => name === site?.framework.value);
    const there = manifestOf(files, target.directory);
    const isOther =
      framework &&
      there &&
      target.script !== undefined &&
      !/^(build|export|generate|prod)|[:_-](build|export|generate|prod)$/.test(target.script) &&
      !argumentsFor(framework, commandsOf(there, target.script));
    return site && framework && framework.group !== 'tools' && !isOther
      ? [{ directory: target.directory, site }]
      : [];
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
  const words = [...(mainRun(framework, commands) ?? []), ...called.words];
  const building = { files, directory, manifest, framework, script, words, commands };
  const said = outputIn(building);
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
      manifest && name !== undefined
        ? withGenerator(building, ofScript(manifest, name, manager))
        : ofFramework(building, manager),
    ...where,
    public_env_prefix: prefixOf(files, directory, framework),
    notes: [...notes, ...(name === undefined ? missing(framework) : [])],
  };
}

/** Configurations of what a site is not alone made of. */
const ASIDE = /dll|server|ssr|vendor|node|worker/i;

/** What a framework is called with, where it is run several times: not for a server, nor for parts. @param {Framework} framework @param {string[][]} commands */
function mainRun(framework, commands) {
  const runs = commands.flatMap((words) => {
    const found = argumentsFor(framework, [words]);
    return found ? [found] : [];
  });
  return runs.find((words) => !ASIDE.test(flagOf(words, ['--config', '-c']) ?? '')) ?? runs[0];
}

/** What is written where its command is run: `cd client && vite build`. @param {import('./outputs.mjs').Building} building @returns {Output} */
function outputIn(building) {
  const { files, directory, framework, commands } = building;
  const command = commands.find((words) => argumentsFor(framework, [words]));
  const { place, variables } = surroundingsOf(command ?? []);
  const here = posix.join(directory, place);
  if (place === '.' || /^\.\.(\/|$)/.test(place) || !files.isDirectory(here))
    return outputOf({ ...building, variables });
  const output = outputOf({ ...building, variables, directory: here });
  return output.value === null ? output : { ...output, value: posix.join(place, output.value) };
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
  const commands = commandsOf(manifest, 'build');
  const page = plainSite(files, directory)?.dist_directory;
  const makesNothing = commands.every(([program = '']) => NOTHING.test(program));
  const output =
    (makesNothing ? page : undefined) ??
    ofCommands({ files, directory, commands }) ??
    ofOthers(files, directory) ??
    ignored(files, directory) ??
    // Elsewhere, a page may be what is built from.
    (page?.value === '.' ? page : undefined);
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
  if (found !== undefined) return { ...output, value: found };
  const file = posix.join(directory, 'index.html');
  const path = above.at(-1)?.replace(/[^\w/-]/g, '.');
  const asks = new RegExp(`\\b(src|href)\\s{0,9}=\\s{0,9}["']?(\\./|/)?${path}/`, 'i');
  return path !== undefined && asks.test(files.text(file) ?? '')
    ? { value: '.', reason: `the page asks for what is in ${output.value}`, file }
    : output;
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

/** @param {ProjectFiles} files @param {string} directory @param {Framework} framework @returns {Finding} */
function prefixOf(files, directory, { name, env }) {
  if (env === undefined) return { value: null, reason: `${name} has none`, file: null };
  const own = env === 'VITE_' ? setting({ files, directory }, 'vite.config#envPrefix') : undefined;
  if (own && 'value' in own) return { value: String(own.value), reason: 'envPrefix', file: own.file };
  return { value: env, reason: `the one of ${name}`, file: null };
}
