// @ts-check
// What a project says itself of how it is built: in koalaci.json, with the names that a job has for it. Nothing else is taken from it.
import { posix } from 'node:path';
import { upwards } from './manifest.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./detection.mjs').Finding} Finding */

/**
 * @typedef {object} ProjectFile
 * @property {string} file its path
 * @property {Map<string, string>} fields what it says, as far as that fits; `project_root` is relative to the repository
 * @property {string[]} others the names in it that count for nothing
 * @property {string} problem why it cannot be used; empty if it can
 */

const NAME = 'koalaci.json';
const MOST = 8192;
const MANAGERS = ['npm', 'yarn', 'pnpm', 'bun', 'none', 'auto'];

/** The rules of the job for its fields. @type {Record<string, { fits: (value: string) => boolean, rule: string }>} */
const FIELDS = {
  project_build_command: {
    fits: (value) => value.length <= MOST && !value.includes('\0'),
    rule: `a text of ${MOST} characters at most`,
  },
  project_dist_directory: {
    fits: (value) => value !== '' && isInside(value),
    rule: 'a relative path that stays inside the project',
  },
  project_package_manager: { fits: (value) => MANAGERS.includes(value), rule: MANAGERS.join(', ') },
  project_root: { fits: isInside, rule: 'a relative path that stays inside the repository' },
  node_version: { fits: (value) => /^[\w .<>=~^|*/-]{1,64}$/.test(value), rule: 'a version or a range' },
};

/** The directory to look at, where nobody names one: the one that the file at the top names. @param {ProjectFiles} files */
export function ownRoot(files) {
  return read(files, '.')?.fields.get('project_root') ?? '.';
}

/**
 * The file that counts for a directory: the nearest one, from there upwards, that does not name another directory; undefined without one.
 * @param {ProjectFiles} files @param {string} directory @returns {ProjectFile | undefined}
 */
export function projectFile(files, directory) {
  for (const here of upwards(directory)) {
    const found = read(files, here);
    const root = found?.fields.get('project_root');
    if (found && (here === directory || root === undefined || root === directory)) return found;
  }
  return undefined;
}

/**
 * What a field of a job is by the file; undefined if it leaves that open.
 * @param {ProjectFile | undefined} own @param {string} field @returns {Finding | undefined}
 */
export function saidBy(own, field) {
  if (own && own.problem !== '') return { value: null, reason: `${own.file}: ${own.problem}`, file: null };
  const value = own?.fields.get(field);
  return own && value !== undefined && value !== 'auto'
    ? { value, reason: field, file: own.file }
    : undefined;
}

/** What there is to know beside that. @param {ProjectFile | undefined} own @returns {string[]} */
export function notesOn(own) {
  if (!own || own.others.length === 0) return [];
  return [`${own.file}: ${own.others.join(', ')}: not taken from it`];
}

/** @param {ProjectFiles} files @param {string} directory @returns {ProjectFile | undefined} */
function read(files, directory) {
  const file = posix.join(directory, NAME);
  if (!files.isFile(file)) return undefined;
  const json = files.json(file);
  const problem = json ? '' : (files.problems.get(file) ?? 'cannot be read');
  // It is said where it matters, and not once more among the notes.
  files.problems.delete(file);
  const entries = Object.entries(json ?? {});
  const unfit = entries.find(
    ([name, value]) => FIELDS[name] && !(typeof value === 'string' && FIELDS[name].fits(value)),
  );
  const fields = new Map(
    entries.flatMap(([name, value]) => (FIELDS[name] && typeof value === 'string' ? [[name, value]] : [])),
  );
  const root = fields.get('project_root');
  if (root !== undefined) fields.set('project_root', posix.join(directory, root).replace(/(.)\/$/, '$1'));
  return {
    file,
    fields: unfit ? new Map() : fields,
    others: entries.map(([name]) => name).filter((name) => !FIELDS[name]),
    problem: unfit ? `${unfit[0]} must be ${FIELDS[unfit[0]]?.rule}` : problem,
  };
}

/** @param {string} path */
function isInside(path) {
  return !posix.isAbsolute(path) && !/^\.\.(\/|$)/.test(posix.normalize(path)) && !/\p{Cc}/u.test(path);
}
