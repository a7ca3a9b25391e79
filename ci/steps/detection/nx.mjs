// @ts-check
// Applications of an Nx workspace that have a project.json and no package.json of their own.
import { posix } from 'node:path';
import { quoted, runProgram } from './manager.mjs';
import { manifestOf, objectOf, upwards } from './manifest.mjs';
import { setting } from './settings.mjs';
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
  const project = applicationIn(files, directory);
  if (top === undefined || project === undefined) return undefined;
  const file = posix.join(directory, 'project.json');
  const { executor = '', options } = objectOf(objectOf(project.targets).build);
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
    dist_directory: distOf(files, { top, directory, file, executor, path: objectOf(options).outputPath }),
    public_env_prefix: { value: framework?.env ?? null, reason: `the one of ${framework?.name}`, file: null },
    notes: [],
  };
}

/** @param {ProjectFiles} files @param {string} directory @returns {Record<string, any> | undefined} */
function applicationIn(files, directory) {
  const file = posix.join(directory, 'project.json');
  if (!files.isFile(file) || manifestOf(files, directory)) return undefined;
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
  const found = setting(files, directory, 'vite.config#build.outDir');
  if (found && 'value' in found)
    return { value: String(found.value), reason: 'build.outDir', file: found.file };
  return { value: null, reason: 'its outputPath is nowhere said', file };
}
