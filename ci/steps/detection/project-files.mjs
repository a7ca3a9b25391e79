// @ts-check
// Reads files of a project for the detection: small, regular ones, and none outside the project. A project is a stranger's.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { parseJson5 } from './manifest-forms.mjs';

/** Longer ones are no configuration. */
const MOST_BYTES = 1024 ** 2;

export class ProjectFiles {
  /** @type {Map<string, string | undefined>} */
  #texts = new Map();
  /** @type {Map<string, string | undefined>} */
  #reals = new Map();
  /** Files that could not be understood, with the reason. @type {Map<string, string>} */
  problems = new Map();

  /** @param {string} top the directory that no path leads out of */
  constructor(top) {
    this.top = realpathSync(top);
  }

  /** @param {string} path */
  isFile(path) {
    return this.#stat(path)?.isFile() ?? false;
  }

  /** @param {string} path */
  isDirectory(path) {
    return this.#stat(path)?.isDirectory() ?? false;
  }

  /** The names in a directory, sorted. @param {string} path @returns {string[]} */
  list(path) {
    const real = this.#real(path);
    try {
      return real === undefined ? [] : readdirSync(real).sort();
    } catch {
      return [];
    }
  }

  /**
   * The names of the directories in one, without links: these may lead in a circle.
   * @param {string} path
   * @returns {string[]}
   */
  directories(path) {
    const real = this.#real(path);
    return this.list(path).filter((name) =>
      lstatSync(join(real ?? '', name), { throwIfNoEntry: false })?.isDirectory(),
    );
  }

  /** The text of a file; undefined if there is none. @param {string} path */
  text(path) {
    if (!this.#texts.has(path)) this.#texts.set(path, this.#read(path));
    return this.#texts.get(path);
  }

  /**
   * The object in a JSON file, which may have comments; undefined if there is none. `parse` reads another form.
   * @param {string} path @param {(text: string) => unknown} [parse] @returns {Record<string, unknown> | undefined}
   */
  json(path, parse = parseJson) {
    const text = this.text(path);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return /** @type {Record<string, unknown>} */ (value);
    const problem = parse === parseJson ? 'is not JSON' : 'cannot be understood';
    this.problems.set(path, value === undefined ? problem : 'is not an object');
    return undefined;
  }

  /** @param {string} path */
  #stat(path) {
    const real = this.#real(path);
    return real === undefined ? undefined : statSync(real, { throwIfNoEntry: false });
  }

  /** Where a path leads to, if that is inside. All frameworks ask for the same ones. @param {string} path */
  #real(path) {
    if (!this.#reals.has(path)) this.#reals.set(path, this.#followed(path));
    return this.#reals.get(path);
  }

  /** @param {string} path */
  #followed(path) {
    try {
      const real = realpathSync(join(this.top, path));
      return real === this.top || real.startsWith(this.top === sep ? sep : this.top + sep) ? real : undefined;
    } catch {
      return undefined;
    }
  }

  /** @param {string} path */
  #read(path) {
    const real = this.#real(path);
    if (real === undefined) return undefined;
    let file;
    try {
      // Not to wait for who writes into a pipe.
      file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
      const stat = fstatSync(file);
      if (!stat.isFile()) return undefined;
      const bytes = Buffer.alloc(Math.min(stat.size, MOST_BYTES) + 1);
      const length = readSync(file, bytes);
      if (length > MOST_BYTES) this.problems.set(path, 'is too large to be read');
      return length > MOST_BYTES ? undefined : decode(bytes.subarray(0, length));
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}

/** Some editors write UTF-16, or a byte order mark. @param {Buffer} bytes */
export function decode(bytes) {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isSwapped = bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0;
  const text = isSwapped ? bytes.swap16().toString('utf16le') : bytes.toString(isWide ? 'utf16le' : 'utf8');
  return text.replace(/^\uFEFF/, '');
}

/** @param {string} text @returns {unknown} undefined if it is no JSON */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return parseJson5(text);
  }
}
