// @ts-check
// Which framework builds a directory: all that it has signs of, and the one of them that counts.
import { posix } from 'node:path';
import { manifestOf, upwards } from './manifest.mjs';
import { argumentsFor, commandsOf } from './scripts.mjs';
import { configFile } from './settings.mjs';
import { frameworks } from './table.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./table.mjs').Framework} Framework */
/** @typedef {import('./detection.mjs').Finding} Finding */
/** `fits` is the sign by which it was found; `hasFile`: the directory has one of its files. @typedef {{ framework: Framework, fits: Finding, hasFile: boolean }} Candidate */

/** Scripts that build a site, the likeliest first. */
const BUILDS = [/^build$/, /^(generate|export|(build:)?prod(uction)?)$/, /[:_-]build$/, /^build[:._-]/, /./];
/** Scripts that do more, or something else: their words are those of a build. */
const OTHERS = /^(dev|start|serve|watch|hot|test|e2e|lint|format|analyze|deploy|release|publish|pre|post)/;
/** Where a static site is preferred, a script that makes it goes before `build`. @type {Record<string, string>} */
const STATIC = { Nuxt: 'generate' };
/** Bundlers that begin at a page. */
const OF_PAGES = ['Vite', 'Parcel', 'Farm', 'Snowpack'];

/**
 * The one that builds a directory; undefined if nothing shows any. `isRoot`: it is the root of workspaces.
 * @param {ProjectFiles} files @param {string} directory @param {Manifest | undefined} manifest @param {boolean} isRoot
 */
export function chosenFor(files, directory, manifest, isRoot) {
  const all = candidates(files, directory, manifest);
  const meant = all.filter((one) => isMeant(files, directory, manifest, one));
  return chosen(meant, manifest, isRoot);
}

/** Whether it is a bundler that begins at a page. @param {Framework} framework */
export function isPageBundler({ name }) {
  return OF_PAGES.includes(name);
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
  if (framework.group !== 'bundlers' || isPageBundler(framework)) return true;
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
export function scriptFor(framework, manifest) {
  // Most programs are in none: no script has to be taken apart for them.
  const texts = Object.values(manifest.scripts);
  const programs = framework.commands.map((command) => command.split(' ')[0] ?? '');
  if (!programs.some((program) => texts.some((text) => text.includes(program)))) return undefined;
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
