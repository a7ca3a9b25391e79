// @ts-check
// Which framework builds a directory: all that it has signs of, and the one of them that counts.
import { posix } from 'node:path';
import { manifestOf, objectOf, upwards } from './manifest.mjs';
import { argumentsFor, commandsOf, flagOf } from './scripts.mjs';
import { configFile } from './settings.mjs';
import { frameworks } from './table.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./table.mjs').Framework} Framework */
/** @typedef {import('./detection.mjs').Finding} Finding */
/** `fits` is the sign by which it was found; `hasFile`: the directory has one of its files. @typedef {{ framework: Framework, fits: Finding, hasFile: boolean }} Candidate */

/** Scripts that build a site, the likeliest first. */
const BUILDS = [
  /^build$/,
  /^(generate|export|(build[:._-])?prod(uction)?)$/,
  /[:_-]build$/,
  /^build[:._-](?!dev|debug|watch)/,
  /^build[:._-]/,
  /./,
];
/** Scripts that do more, or something else: their words are those of a build. */
const OTHERS = /^(dev|start|serve|watch|hot|test|e2e|lint|format|analyze|deploy|release|publish|pre|post)/;
/** Where a static site is preferred, a command that makes it goes before others. @type {Record<string, RegExp>} */
const STATIC = { Nuxt: /^(nuxt|nuxi) generate\b/m, 'Next.js': /^next build\b.*^next export\b/ms };
/** Generators of documents that stand beside a project of another language. */
const OF_DOCUMENTS = ['MkDocs', 'Sphinx', 'mdBook', 'Jupyter Book', 'DocFX'];
const WORKFLOWS = '.github/workflows';
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
  if (OF_DOCUMENTS.includes(framework.name) && manifest && 'build' in manifest.scripts)
    return (
      isRunByWorkflow(files, framework) ||
      argumentsFor(framework, commandsOf(manifest, 'build')) !== undefined
    );
  if (framework.group !== 'bundlers') return true;
  if (isPageBundler(framework))
    return (
      !manifest ||
      'build' in manifest.scripts ||
      Object.keys(manifest.scripts).length === 0 ||
      scriptFor(framework, manifest) !== undefined ||
      configFile(files, posix.join(directory, 'vite.config')) !== undefined ||
      ['', 'src', 'public', 'app'].some((one) => files.isFile(posix.join(directory, one, 'index.html')))
    );
  if (!files.isFile(posix.join(directory, 'index.html'))) return true;
  const configs = framework.settings.map((place) => posix.join(directory, place.split('#')[0] ?? ''));
  return (
    configs.some((one) => configFile(files, one)) ||
    (manifest && scriptFor(framework, manifest) !== undefined)
  );
}

/** Whether a workflow runs it: what else there is of it may be looked at elsewhere. @param {ProjectFiles} files @param {Framework} framework */
function isRunByWorkflow(files, { commands }) {
  const [program = ''] = (commands[0] ?? '').split(' ');
  const lines = new RegExp(`^\\s*(-\\s+)?(run:\\s*)?${program}\\b`, 'm');
  return files.list(WORKFLOWS).some((name) => lines.test(files.text(posix.join(WORKFLOWS, name)) ?? ''));
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
    first(
      rest.filter(({ framework }) => manifest && scriptFor(framework, manifest)),
      ['sites'],
    ) ??
    first(rest, ['sites', 'others']) ??
    first(
      run.filter(({ framework }) => !flagOf(argumentsFor(framework, built) ?? [], ['--cwd'])),
      ['tools'],
    ) ??
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

/** Next.js has no such command any more. @param {Framework} framework @param {Manifest} manifest */
function isExportGone({ name }, { dependencies, fields }) {
  const version = objectOf(fields[dependencies.get('next') ?? '']).next;
  const [, major = '0'] = /(\d+)/.exec(String(version)) ?? [];
  return name === 'Next.js' && (Number(major) >= 14 || /latest|canary/.test(String(version)));
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
  const preferred = isExportGone(framework, manifest) ? undefined : STATIC[framework.name];
  const makesSite = running.filter((name) =>
    preferred?.test(
      commandsOf(manifest, name)
        .map((words) => words.join(' '))
        .join('\n'),
    ),
  );
  for (const names of [makesSite, running])
    for (const pattern of BUILDS) {
      const found = names.find((name) => pattern.test(name));
      if (found !== undefined) return found;
    }
  return undefined;
}
