// @ts-check
// Projects whose task runner is run by hand: no script of package.json does.
import { posix } from 'node:path';
import { ofOthers } from './hosts.mjs';
import { runProgram } from './manager.mjs';
import { ignored, ofCommands, TASKS } from './outputs-scripts.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./detection.mjs').Site} Site */

/** Tasks that build, the likeliest first. One that only its caller names may serve, and watch, for ever. */
const BUILDS = ['build', 'production', 'prod', 'dist', 'default'];
const ENDLESS = /\b(watch|serve|browserSync|livereload|connect)\b/i;

/**
 * The site that a task makes; undefined without such a task, or where nothing says what it writes.
 * @param {ProjectFiles} files @param {string} directory @param {Manifest} manifest @param {string | null} manager
 * @returns {Site | undefined}
 */
export function builtByTask(files, directory, manifest, manager) {
  for (const [runner, names] of Object.entries(TASKS)) {
    const file = names.map((name) => posix.join(directory, name)).find((one) => files.isFile(one));
    const text = file === undefined ? '' : (files.text(file) ?? '');
    const task = BUILDS.find((name) => hasTask(text, name) && (name !== 'default' || !ENDLESS.test(text)));
    if (file === undefined || task === undefined || !manifest.dependencies.has(runner)) continue;
    const dist =
      ofCommands({ files, directory, commands: [[runner, task]] }) ??
      ofOthers(files, directory) ??
      ignored(files, directory);
    if (!dist || dist.value === null) continue;
    return {
      framework: { value: runner === 'gulp' ? 'Gulp' : 'Grunt', reason: 'its tasks', file },
      build_command: {
        value: runProgram(manager, task === 'default' ? runner : `${runner} ${task}`),
        reason: `no script runs it, and it has the task ${task}`,
        file,
      },
      dist_directory: dist,
      public_env_prefix: { value: null, reason: 'it has none', file: null },
      notes: [],
    };
  }
  return undefined;
}

/** @param {string} text of a file of tasks @param {string} name */
function hasTask(text, name) {
  return new RegExp(
    `[tT]ask\\(\\s*['"\`]${name}['"\`]|exports\\.${name}\\b|export (const|let|(async )?function|default)\\s*${name}\\b|export \\{[^}]{0,500}\\b${name}\\b`,
  ).test(text);
}
