// Objects: the content of each file that a user has shipped, once, by its sha256 and mode. Releases are hard links of them.
//
//   <user>/<2 digits>/<62 digits>-<mode>   an object: the digits are its sha256
//   <user>/times/<size>-<seconds>          its second name: no other object of that size has its time
//
// A server makes the ETag of a file of its size and time: two pages that have both alike are one to a browser.
import {
  closeSync,
  fchmodSync,
  futimesSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { UserId } from '../job/identity.js';
import type { ListedEntry } from './listing.js';
import { segment } from './paths.js';

/** In the directory of a user's objects: the second names of all of them. */
export const TIMES = 'times';
/** The name of an object, after that of its directory. */
export const OBJECT_NAME = /^[0-9a-f]{64}-[0-7]{3}$/;

/** One that was found this long ago is noted again: it is in use. A prune leaves it alone for longer (archives/). */
export const NOTED_MS = 600_000;
/** Errors of file systems that have no hard links. Nothing else keeps objects from being used there. */
const LINKLESS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** What an object is known by: as a manifest lists a file, its mode in octal digits. */
export interface ObjectKey {
  sha256: string;
  mode: string;
}

/** The directory of a user's objects, in that of all. */
export function objectsOf(objects: string, user: UserId): string {
  return join(objects, segment(user));
}

/** The path of an object. */
export function objectPath(directory: string, { sha256, mode }: ObjectKey): string {
  return join(directory, sha256.slice(0, 2), `${sha256.slice(2)}-${readOnly(mode).toString(8)}`);
}

/** The path of the object with the content of a file that a manifest lists, by its entry. */
export function objectPathOf(directory: string): (entry: ListedEntry) => string {
  return ({ sha256, mode }) => {
    if (sha256 === undefined) throw new Error('an entry without content has no object');
    return objectPath(directory, { sha256, mode });
  };
}

/** The second name of an object, by its size and its time in seconds. */
export function timePath(directory: string, { size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>): string {
  return join(directory, TIMES, `${size}-${mtimeMs / 1_000}`);
}

/** Whether a file is as an object was written: whoever writes into one gives it a time that is no whole second. */
export function isWhole(found: Stats | undefined, size: number, mode: string): found is Stats {
  if (!found?.isFile() || found.size !== size) return false;
  return found.mtimeMs % 1_000 === 0 && (found.mode & 0o777) === readOnly(mode);
}

/** A file that becomes an object once its content is complete. Synchronous: for the process that packs. */
export class NewObject {
  readonly #directory: string;
  readonly #partial: string;
  readonly #file: number;
  #size = 0;

  /** `partial` is a path on the same disk that nobody else uses. */
  constructor(directory: string, partial: string) {
    this.#directory = directory;
    this.#partial = partial;
    this.#file = openSync(partial, 'w', 0o600);
  }

  write(piece: Buffer): void {
    for (let left = piece; left.length > 0; ) left = left.subarray(writeSync(this.#file, left));
    this.#size += piece.length;
  }

  /** Puts it into its place, whatever is there. */
  close(object: ObjectKey): void {
    fchmodSync(this.#file, readOnly(object.mode));
    const now = Math.trunc(Date.now() / 1_000);
    let tries = 0;
    while (!this.#takesTime(now - offset(object.sha256, tries))) tries++;
    const seconds = now - offset(object.sha256, tries);
    futimesSync(this.#file, seconds, seconds);
    closeSync(this.#file);
    place(this.#partial, objectPath(this.#directory, object));
  }

  /** Removes it. */
  abort(): void {
    closeSync(this.#file);
    rmSync(this.#partial, { force: true });
  }

  /** Takes the second name for a time, unless another object of its size has that. */
  #takesTime(seconds: number): boolean {
    const name = timePath(this.#directory, { size: this.#size, mtimeMs: seconds * 1_000 });
    try {
      linked(this.#partial, name);
      return true;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' && !LINKLESS.has(code)) throw error;
      return code !== 'EEXIST';
    }
  }
}

/** Whether an object is there, as far as can be seen without reading it. Notes that it is in use. */
export function hasObject(directory: string, object: ObjectKey & { size: number }): boolean {
  const path = objectPath(directory, object);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!isWhole(found, object.size, object.mode)) return false;
  const now = Date.now();
  if (now - found.ctimeMs < NOTED_MS) return true;
  try {
    // The other time changes with it, which nobody can set (ctime).
    utimesSync(path, now / 1_000, found.mtimeMs / 1_000);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** The mode of an object: as the file's, but nobody writes. */
function readOnly(mode: string): number {
  return Number.parseInt(mode, 8) & 0o555;
}

/** Seconds before now to try: none, then up to 1, 3, 7, … by the content. */
function offset(sha256: string, tries: number): number {
  return tries === 0 ? 0 : Number.parseInt(sha256.slice(tries, tries + 12), 16) % 2 ** tries;
}

function linked(from: string, to: string): void {
  inDirectory(to, () => linkSync(from, to));
}

function place(from: string, to: string): void {
  inDirectory(to, () => renameSync(from, to));
}

/** Makes the directory of a path if it is not there: that is rare. */
function inDirectory(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    act();
  }
}
