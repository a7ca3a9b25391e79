// @ts-check
// {dir} in the table: the directory of the project that a generator is told to build.
import { posix } from 'node:path';
import { positionals } from './scripts.mjs';

/** @typedef {import('./outputs.mjs').Building} Building */

/**
 * The directory that the command names; else the one with its file, or, for VitePress and VuePress, with their
 * configuration; else the project.
 * @param {Building} building
 */
export function siteDirectory({ files, directory, words, framework }) {
  const [named] = positionals(words);
  if (named !== undefined) return named;
  const sign = framework.files.find((one) => files.isFile(posix.join(directory, one.split('#')[0] ?? '')));
  if (sign !== undefined) return posix.dirname(sign.split('#')[0] ?? '');
  const [, hidden] = /^\{dir\}\/(\.\w+)\//.exec(framework.dist ?? '') ?? [];
  if (hidden === undefined) return '.';
  return (
    ['.', ...files.list(directory)].find((one) => files.isDirectory(posix.join(directory, one, hidden))) ??
    '.'
  );
}
