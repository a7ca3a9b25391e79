// @ts-check
// Angular: angular.json has a builder and an output path for each project.
import { posix } from 'node:path';
import { objectOf } from './manifest.mjs';
import { flagOf, positionals } from './scripts.mjs';

/** @typedef {import('./outputs.mjs').Building} Building */
/** @typedef {import('./outputs.mjs').Output} Output */

/** @param {Building} building @returns {Output | undefined} */
export function outputOfAngular({ files, directory, words }) {
  const file = ['angular.json', '.angular.json']
    .map((name) => posix.join(directory, name))
    .find((path) => files.isFile(path));
  const config = file === undefined ? undefined : files.json(file);
  if (file === undefined) return ofFirstCli(files, directory, words);
  if (config === undefined) return undefined;
  const projects = objectOf(config.projects);
  const name = chosen(projects, positionals(words)[0], config.defaultProject);
  if (name === undefined)
    return { value: null, reason: 'it has several applications, and the command names none', file };
  const { builder = '', options } = buildOf(projects[name]);
  const path =
    flagOf(words, ['--output-path', '--outputPath', '-op']) ?? objectOf(options).outputPath ?? `dist/${name}`;
  const base = typeof path === 'string' ? path : String(path.base ?? `dist/${name}`);
  // The builder of Angular 17 and newer has a directory for what browsers get.
  const browser = /:application$/.test(String(builder))
    ? typeof path === 'string'
      ? 'browser'
      : (path.browser ?? 'browser')
    : '';
  return {
    value: posix.join(base, String(browser)),
    reason: `outputPath of ${name}, builder ${builder}`,
    file,
  };
}

/** Before angular.json. @param {import('./project-files.mjs').ProjectFiles} files @param {string} directory @param {string[]} words @returns {Output | undefined} */
function ofFirstCli(files, directory, words) {
  const named = flagOf(words, ['--output-path', '--outputPath', '-op']);
  const file = posix.join(directory, '.angular-cli.json');
  const [first] = [objectOf(files.isFile(file) ? files.json(file) : undefined).apps].flat();
  if (named !== undefined) return { value: named, reason: 'its command says so', file: null };
  return typeof first?.outDir === 'string' ? { value: first.outDir, reason: 'outDir', file } : undefined;
}

/** @param {Record<string, any>} projects @param {string | undefined} named @param {unknown} usual */
function chosen(projects, named, usual) {
  if (named !== undefined && Object.hasOwn(projects, named)) return named;
  if (typeof usual === 'string' && Object.hasOwn(projects, usual)) return usual;
  const applications = Object.keys(projects).filter(
    (name) => projects[name]?.projectType !== 'library' && buildOf(projects[name]).builder,
  );
  return applications.length === 1 ? applications[0] : undefined;
}

/** @param {unknown} project @returns {Record<string, any>} */
function buildOf(project) {
  const { architect, targets } = objectOf(project);
  return objectOf(objectOf(targets ?? architect).build);
}
