// @ts-check
// How one package, or one directory, is built: its framework, its command, its dist directory.
import { posix } from 'node:path';
import { targetsOf } from './elsewhere.mjs';
import { ofHosts } from './hosts.mjs';
import { quoted, runProgram, runScript } from './manager.mjs';
import { manifestOf, upwards } from './manifest.mjs';
import { outputOf } from './outputs.mjs';
import { ignored, movedTo, ofCommands } from './outputs-scripts.mjs';
import { plainSite } from './plain.mjs';
import { argumentsFor, commandsOf } from './scripts.mjs';
import { configFile, setting } from './settings.mjs';
import { siteDirectory } from './site-directory.mjs';
import { frameworks } from './table.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./table.mjs').Framework} Framework */
/** @typedef {import('./detection.mjs').Site} Site */
/** @typedef {import('./detection.mjs').Finding} Finding */
/** @typedef {import('./outputs.mjs').Output} Output */
/** `fits` is the sign by which it was found; `hasFile`: the directory has one of its files. @typedef {{ framework: Framework, fits: Finding, hasFile: boolean }} Candidate */

/** Scripts that build a site, the likeliest first. */
const BUILDS = [/^build$/, /^(generate|export|(build:)?prod(uction)?)$/, /[:_-]build$/, /^build[:._-]/, /./];
/** Scripts that do more, or something else: their words are those of a build. */
const OTHERS = /^(dev|start|serve|watch|hot|test|e2e|lint|format|analyze|deploy|release|publish|pre|post)/;
/** Programs of generators without Node that the builder image has. */
const IN_IMAGE = ['hugo'];
/** Bundlers that begin at a page. */
const OF_PAGES = ['Vite', 'Parcel', 'Farm', 'Snowpack'];
/** Where a static site is preferred, a script that makes it goes before `build`. @type {Record<string, string>} */
const STATIC = { Nuxt: 'generate' };

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
  const all = candidates(files, directory, manifest).filter((one) =>
    isMeant(files, directory, manifest, one),
  );
  const found = chosen(all, manifest, isRoot);
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
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {Manifest | undefined} manifest
 * @returns {Candidate[]}
 */
function candidates(files, directory, manifest) {
  return frameworks().flatMap((framework) => {
    const name = framework.packages.find((one) => isUsed(manifest, one));
    const script =
      name === undefined && manifest ? scriptWithout(files, directory, framework, manifest) : undefined;
    const file = framework.files.find((sign) => hasSign(files, directory, sign));
    if (name !== undefined && manifest)
      return [
        {
          framework,
          fits: {
            value: framework.name,
            reason: `${name} in ${manifest.dependencies.get(name)}`,
            file: manifest.file,
          },
          hasFile: file !== undefined,
        },
      ];
    if (script !== undefined && manifest)
      return [
        {
          framework,
          fits: { value: framework.name, reason: `scripts.${script} runs it`, file: manifest.file },
          hasFile: file !== undefined,
        },
      ];
    if (file === undefined) return [];
    const path = posix.join(directory, file.split('#')[0] ?? '');
    return [
      { framework, fits: { value: framework.name, reason: 'its configuration', file: path }, hasFile: true },
    ];
  });
}

/**
 * A peer is what others have: a library of components for Next.js is none of its sites.
 * @param {Manifest | undefined} manifest
 * @param {string} name
 */
function isUsed(manifest, name) {
  const field = manifest?.dependencies.get(name);
  return field !== undefined && field !== 'peerDependencies';
}

/**
 * A bundler that nothing runs, and that has no configuration, makes nothing of a page: it may only serve it.
 * @param {ProjectFiles} files @param {string} directory @param {Manifest | undefined} manifest @param {Candidate} candidate
 */
function isMeant(files, directory, manifest, { framework }) {
  if (framework.group !== 'bundlers' || OF_PAGES.includes(framework.name)) return true;
  if (!files.isFile(posix.join(directory, 'index.html'))) return true;
  const configs = framework.settings.map((place) => posix.join(directory, place.split('#')[0] ?? ''));
  return (
    configs.some((one) => configFile(files, one)) ||
    (manifest && scriptFor(framework, manifest) !== undefined)
  );
}

/**
 * The script that runs a framework that the manifest does not name: one above does, as the root of workspaces; or its program has the name
 * of its package. Many frameworks are run by Vite: which one it is, only its own manifest says.
 * @param {ProjectFiles} files @param {string} directory @param {Framework} framework @param {Manifest} manifest
 */
function scriptWithout(files, directory, framework, manifest) {
  const { packages } = framework;
  const isAbove = upwards(directory).some((above) =>
    packages.some((one) => isUsed(manifestOf(files, above), one)),
  );
  const commands = framework.commands.filter((command) => {
    const [program = ''] = command.split(' ');
    return packages.some((one) => one.split(/[@/]/).includes(program)) || (isAbove && program !== 'vite');
  });
  return commands.length > 0 ? scriptFor({ ...framework, commands }, manifest) : undefined;
}

/** @param {ProjectFiles} files @param {string} directory @param {string} sign */
function hasSign(files, directory, sign) {
  const [name = '', word] = sign.split('#');
  const path = posix.join(directory, name);
  return word === undefined ? files.isFile(path) : new RegExp(`\\b${word}\\b`).test(files.text(path) ?? '');
}

/**
 * The one that counts. What the build script runs goes first: but a site before a compiler, which may build something else of the project.
 * @param {Candidate[]} all @param {Manifest | undefined} manifest @param {boolean} isRoot
 */
function chosen(all, manifest, isRoot) {
  const built = manifest ? commandsOf(manifest, 'build') : [];
  const run = all.filter(({ framework }) => argumentsFor(framework, built));
  const rest = isRoot
    ? all.filter(({ framework, hasFile }) => hasFile || (manifest && scriptFor(framework, manifest)))
    : all;
  /** @param {Candidate[]} from @param {string[]} groups */
  const first = (from, groups) => from.find(({ framework }) => groups.includes(framework.group));
  return (
    first(run.filter(isLast(built)), ['sites', 'bundlers', 'others']) ??
    first(run, ['documents']) ??
    first(rest, ['sites', 'others']) ??
    first(run, ['tools']) ??
    first(
      rest.filter(({ framework }) => manifest && scriptFor(framework, manifest)),
      ['bundlers'],
    ) ??
    first(rest, ['bundlers']) ??
    // Which compiler there is says nothing of a script that runs none.
    first(rest, ['documents'])
  );
}

/** Whether no later command of a script reads what a candidate makes: a bundler may take the pages of a generator. @param {string[][]} commands */
function isLast(commands) {
  /** @param {Candidate} candidate */
  return ({ framework }) => {
    const at = commands.findIndex((words) => argumentsFor(framework, [words]));
    const dist = `${framework.dist ?? '?'}/`;
    const later = commands.slice(at + 1).filter(([program = '']) => /^(parcel|vite|webpack)$/.test(program));
    return !later.some((words) => words.some((word) => word.startsWith(dist)));
  };
}

/**
 * The script that runs a framework.
 * @param {Framework} framework
 * @param {Manifest} manifest
 * @returns {string | undefined}
 */
function scriptFor(framework, manifest) {
  const names = Object.keys(manifest.scripts).filter((name) => !OTHERS.test(name));
  const running = names.filter((name) => argumentsFor(framework, commandsOf(manifest, name)));
  const preferred = STATIC[framework.name];
  if (preferred !== undefined && running.includes(preferred)) return preferred;
  for (const pattern of BUILDS) {
    const found = running.find((name) => pattern.test(name));
    if (found !== undefined) return found;
  }
  return undefined;
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
      ? (ofHosts(files, directory) ??
        (framework.dist === undefined ? ignored(files, directory) : undefined) ??
        said)
      : (movedTo(building, said.value) ?? said);
  const { notes, ...where } = withOutput(
    framework.group === 'sites' || OF_PAGES.includes(framework.name)
      ? output
      : served(files, directory, output),
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
    ofHosts(files, directory) ??
    ignored(files, directory);
  return {
    framework: { value: null, reason: 'none that koalaci knows', file: null },
    build_command: ofScript(manifest, 'build', manager),
    ...withOutput(served(files, directory, output ?? unknown)),
    public_env_prefix: { value: null, reason: 'the framework is not known', file: null },
  };
}

/**
 * A bundle may go beside a page that the project has: then the directory of that page is what is served.
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
  const found = above.find((path) => files.isFile(posix.join(directory, path, 'index.html')));
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
