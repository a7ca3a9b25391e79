// @ts-check
// A site of plain files: the directory that has its index.html is shipped as it is.
import { posix } from 'node:path';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./detection.mjs').Site} Site */

/** Before others, where several have one. */
const USUAL = ['public', 'site', 'www', 'dist', 'html', 'static', 'docs', 'web', 'htdocs', 'src'];
const SKIPPED = /^(\.|node_modules$|tests?$|spec$|examples?$|vendor$|coverage$|templates?$)/;

/** @param {ProjectFiles} files @param {string} directory @returns {Site | undefined} */
export function plainSite(files, directory) {
  const below = files.list(directory).filter((name) => !SKIPPED.test(name));
  const having = ['.', ...below].filter((name) => files.isFile(posix.join(directory, name, 'index.html')));
  const dist = having.includes('.') ? '.' : (USUAL.find((name) => having.includes(name)) ?? having[0]);
  if (dist === undefined) return undefined;
  const file = posix.join(directory, dist, 'index.html');
  const others = having.filter((name) => name !== dist);
  const notes =
    dist !== '.' && others.length > 0
      ? [`${others.join(', ')} ${others.length > 1 ? 'have' : 'has'} an index.html too`]
      : [];
  return {
    framework: { value: 'Plain HTML', reason: 'an index.html that nothing builds', file },
    build_command: { value: '', reason: 'there is nothing to build', file: null },
    dist_directory: { value: dist, reason: 'it has the index.html', file },
    public_env_prefix: { value: null, reason: 'there is no build', file: null },
    notes,
  };
}
