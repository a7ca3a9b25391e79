// @ts-check
// The table of frameworks, frameworks.txt, which says what its columns are.
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Framework a row of the table
 * @property {string} name
 * @property {string} group sites, bundlers, documents, tools or others
 * @property {string[]} packages
 * @property {string[]} files each with a word in it after #, if it needs one
 * @property {string[]} commands the first one is what is run; the others are spellings in scripts
 * @property {string | undefined} dist
 * @property {string[]} flags
 * @property {string[]} settings as file#key
 * @property {string | undefined} env
 */

/** @type {string | undefined} */
let text;
/** @type {Framework[] | undefined} */
let rows;

/** All frameworks, in the order of the table. */
export function frameworks() {
  rows ??= rowsBy((line, group) => (group === 'caches' ? [] : [rowOf(line, group)]));
  return rows;
}

/** The tool caches that are in a project; those that a ! excludes are none. */
export function caches() {
  return rowsBy((line, group) => {
    const [place = '', packages = ''] = line.split(/ +/);
    return group !== 'caches' || /^[!~/]/.test(place) ? [] : [{ place, packages: packages.split('|') }];
  });
}

/** @template Row @param {(line: string, group: string) => Row[]} read @returns {Row[]} */
function rowsBy(read) {
  text ??= readFileSync(new URL('frameworks.txt', import.meta.url), 'utf8');
  let group = '';
  return text.split('\n').flatMap((line) => {
    group = /^\[(\w+)\]/.exec(line)?.[1] ?? group;
    return /^[^#[\s]/.test(line) ? read(line, group) : [];
  });
}

/** @param {string} line @param {string} group @returns {Framework} */
function rowOf(line, group) {
  const columns = line.trimEnd().split(/ {2,}/);
  const [name = '', signs = '', commands = '', dist, setBy = '', env] = columns.map((one) =>
    one === '-' ? undefined : one,
  );
  const given = signs.split('|');
  const changes = setBy.split(' ').filter((one) => one !== '');
  return {
    name,
    group,
    packages: given.filter((one) => !one.startsWith('./')),
    files: given.filter((one) => one.startsWith('./')).map((one) => one.slice(2)),
    commands: commands.split('|'),
    dist,
    flags: changes.filter((one) => one.startsWith('-')),
    settings: changes.filter((one) => !one.startsWith('-')),
    env,
  };
}
