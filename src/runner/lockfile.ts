// The lockfile of a build, as its container sends it: a stranger's file, of which no more is kept than a lockfile has.
import type { ControlEvent } from '../sandbox/control.js';

/** The container sends no more either (ci/steps/lockfile.sh). */
const MOST_BYTES = 32 * 1024 ** 2;

export interface Lockfile {
  /** Relative to the repository. */
  path: string;
  /** Whose it is, as ci/steps/managers calls them. */
  flavour: string;
  text: Buffer;
}

/** Puts a lockfile together. */
export class LockfileCollector {
  #head: Omit<Lockfile, 'text'> | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;

  event(event: ControlEvent): void {
    if (event.event === 'lockfile_started') this.#head = { path: event.path, flavour: event.flavour };
  }

  data(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes < MOST_BYTES) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  /** The lockfile; undefined if there is none, or too much of it. */
  get found(): Lockfile | undefined {
    if (!this.#head || this.#pieces.length === 0) return undefined;
    return { ...this.#head, text: Buffer.concat(this.#pieces) };
  }
}
