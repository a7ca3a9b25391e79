// @ts-check
// Applications of an Nx workspace that no script builds: by their project.json, or by a plugin that makes a target of their configuration.
import { posix } from 'node:path';
import { quoted, runProgram } from './manager.mjs';
import { manifestOf, objectOf, upwards } from './manifest.mjs';
import { outputOf } from './outputs.mjs';
import { configFile, setting } from './settings.mjs';
import { frameworks } from './table.mjs';
import { directoriesWith } from './workspaces.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./detection.mjs').Site} Site */
/** @typedef {import('./detection.mjs').Finding} Finding */

/** Words in the name of an executor, and what it builds with. */
const BUILDERS = /** @type {const} */ ([
  [/next/, 'Next.js'],
  [/angular/, 'Angular'],
  [/vite/, 'Vite'],
  [/rspack/, 'Rspack'],
  [/webpack/, 'webpack'],
  [/expo/, 'Expo'],
]);

/** Plugins, the configuration from which each makes a target, and what it builds with. */
const PLUGINS = /** @type {const} */ ([
  ['@nx/next', 'next.config', 'Next.js'],
  ['@nx/nuxt', 'nuxt.config', 'Nuxt'],
  ['@nx/react', 'react-router.config', 'React Router'],
  ['@nx/remix', 'remix.config', 'Remix'],
  ['@nx/vite', 'vite.config', 'Vite'],
  ['@nx/rsbuild', 'rsbuild.config', 'Rsbuild'],
  ['@nx/rspack', 'rspack.config', 'Rspack'],
  ['@nx/webpack', 'webpack.config', 'webpack'],
]);

/**
 * The directories of applications below the root of an Nx workspace.
 * @param {ProjectFiles} files
 * @param {string} root
 * @returns {string[]}
 */
export function nxApplications(files, root) {
  if (!files.isFile(posix.join(root, 'nx.json'))) return [];
  return directoriesWith(files, root, ['project.json']).filter((directory) =>
    applicationIn(files, directory),
  );
}

/**
 * The application in a directory; undefined if Nx builds none there.
 * @param {ProjectFiles} files
 * @param {string} directory
 * @param {string | null} manager
 * @returns {Site | undefined}
 */
export function nxSite(files, directory, manager) {
  const top = upwards(directory).find((above) => files.isFile(posix.join(above, 'nx.json')));
  if (top === undefined) return undefined;
  const project = applicationIn(files, directory);
  const { executor = '', options, outputs } = objectOf(objectOf(project?.targets).build);
  const path = objectOf(options).outputPath ?? outputIn(outputs);
  const inferred =
    executor === '' ? inferredSite(files, { top, directory, project, path, manager }) : undefined;
  if (inferred || project === undefined) return inferred;
  const file = posix.join(directory, 'project.json');
  const [, name] = BUILDERS.find(([word]) => word.test(executor)) ?? [];
  const target = `${project.name ?? posix.basename(directory)}:build`;
  const framework = frameworks().find((row) => row.name === (name ?? 'Vite'));
  return {
    framework: {
      value: name ?? null,
      reason: executor ? `its executor ${executor}` : 'no executor is named',
      file,
    },
    build_command: {
      value: runProgram(manager, `nx run ${quoted(target)}`),
      reason: 'Nx builds it, and what it needs',
      file,
    },
    dist_directory: distOf(files, { top, directory, file, executor, path }),
    public_env_prefix: { value: framework?.env ?? null, reason: `the one of ${framework?.name}`, file: null },
    notes: [],
  };
}

/** The directory that a target lists as its output. @param {unknown} outputs @returns {string | undefined} */
function outputIn(outputs) {
  const [first] = Array.isArray(outputs) ? outputs : [];
  return typeof first === 'string' && /^\{(workspace|project)Root\}/.test(first) ? first : undefined;
}

/**
 * The application that a plugin finds by its configuration; undefined if there is none, or a script builds it.
 * @param {ProjectFiles} files
 * @param {{ top: string, directory: string, project: Record<string, any> | undefined, path: unknown, manager: string | null }} application
 * @returns {Site | undefined}
 */
function inferredSite(files, { top, directory, project, path, manager }) {
  const manifest = manifestOf(files, directory);
  if (directory === top || (manifest ? 'build' in manifest.scripts : project === undefined)) return undefined;
  const plugins = [files.json(posix.join(top, 'nx.json'))?.plugins].flat().map((one) => ({
    name: String(objectOf(one).plugin ?? one),
    target: String(objectOf(objectOf(one).options).buildTargetName ?? 'build'),
  }));
  for (const [plugin, config, name] of PLUGINS) {
    const file = configFile(files, posix.join(directory, config));
    const found = plugins.find((one) => one.name === plugin || one.name.startsWith(`${plugin}/`));
    const framework = frameworks().find((row) => row.name === name);
    // Without a page it is a library, or only tested.
    const isSite = name !== 'Vite' || files.isFile(posix.join(directory, 'index.html'));
    if (!file || !found || !framework || !isSite) continue;
    const of = project?.name ?? manifest?.name ?? posix.basename(directory);
    const { note, ...output } = outputOf({
      ...{ files, directory, manifest, framework },
      ...{ script: '', words: [], commands: [] },
    });
    return {
      framework: { value: name, reason: `${found.name} finds its configuration`, file },
      build_command: {
        value: runProgram(manager, `nx run ${quoted(`${of}:${found.target}`)}`),
        reason: 'Nx builds it, and what it needs',
        file: posix.join(top, 'nx.json'),
      },
      dist_directory:
        path === undefined
          ? output
          : distOf(files, {
              top,
              directory,
              file: posix.join(directory, 'project.json'),
              executor: '',
              path,
            }),
      public_env_prefix: { value: framework.env ?? null, reason: `the one of ${name}`, file: null },
      notes: note === undefined ? [] : [note],
    };
  }
  return undefined;
}

/** @param {ProjectFiles} files @param {string} directory @returns {Record<string, any> | undefined} */
function applicationIn(files, directory) {
  const file = posix.join(directory, 'project.json');
  if (!files.isFile(file) || 'build' in (manifestOf(files, directory)?.scripts ?? {})) return undefined;
  const project = files.json(file);
  return project?.projectType === 'application' && !/e2e$/.test(directory) ? project : undefined;
}

/**
 * Relative to the application: outputs are mostly in a directory of the workspace.
 * @param {ProjectFiles} files
 * @param {{ top: string, directory: string, file: string, executor: string, path: unknown }} application
 * @returns {Finding}
 */
function distOf(files, { top, directory, file, executor, path }) {
  const base = typeof path === 'string' ? path : objectOf(path).base;
  const inside = /:application$/.test(executor)
    ? (objectOf(path).browser ?? 'browser')
    : /next/.test(executor)
      ? '.next'
      : '';
  if (typeof base === 'string') {
    const output = base
      .replace('{workspaceRoot}/', '')
      .replace('{projectRoot}', posix.relative(top, directory));
    const value = posix.join(posix.relative(directory, top), output, inside);
    return { value, reason: 'outputPath', file };
  }
  const found = setting({ files, directory }, 'vite.config#build.outDir');
  if (found && 'value' in found)
    return { value: String(found.value), reason: 'build.outDir', file: found.file };
  return { value: null, reason: 'its outputPath is nowhere said', file };
}
