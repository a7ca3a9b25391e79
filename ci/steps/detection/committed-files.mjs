// @ts-check
// The files of a commit, for the detection: what is built is a commit, whatever else the working tree has.
import { posix } from 'node:path';
import { decode, ProjectFiles } from './project-files.mjs';

/** How git's lists write the mode of a symbolic link. */
const LINK = '120000';

/**
 * @typedef {object} Committed
 * @property {Map<string, string>} modes of each path, as `git ls-tree` says it
 * @property {(path: string) => boolean} isChanged whether the file in the working tree may be another one
 * @property {(path: string) => Buffer | undefined} read reads one from git
 */

export class CommittedFiles extends ProjectFiles {
  /** @type {Committed} */
  #committed;
  /** The names in each directory. @type {Map<string, Set<string>>} */
  #names = new Map([['.', new Set()]]);
  /** @type {Map<string, string | undefined>} */
  #read = new Map();

  /** @param {string} top the working tree @param {Committed} committed */
  constructor(top, committed) {
    super(top);
    this.#committed = committed;
    for (const path of committed.modes.keys()) this.#add(path);
  }

  /** @override @param {string} path */
  isFile(path) {
    const mode = this.#committed.modes.get(posix.normalize(path));
    return mode?.startsWith('100') || (mode === LINK && super.isFile(path));
  }

  /** @override @param {string} path */
  isDirectory(path) {
    return this.#names.has(posix.normalize(path));
  }

  /** @override @param {string} path */
  list(path) {
    return [...(this.#names.get(posix.normalize(path)) ?? [])].sort();
  }

  /** @override @param {string} path */
  directories(path) {
    return this.list(path).filter((name) => this.#names.has(posix.join(path, name)));
  }

  /** @override @param {string} path */
  text(path) {
    const normal = posix.normalize(path);
    if (!this.isFile(normal)) return undefined;
    if (!this.#committed.isChanged(normal)) return super.text(path);
    if (!this.#read.has(normal)) {
      const bytes = this.#committed.read(normal);
      this.#read.set(normal, bytes && decode(bytes));
    }
    return this.#read.get(normal);
  }

  /** @param {string} path */
  #add(path) {
    const directory = posix.dirname(path);
    const isNew = !this.#names.has(directory);
    const names = this.#names.get(directory) ?? new Set();
    names.add(posix.basename(path));
    this.#names.set(directory, names);
    if (isNew) this.#add(directory);
  }
}
