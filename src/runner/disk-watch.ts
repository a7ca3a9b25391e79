// Looks again and again at what a build has on disk: soon, and as often as it costs little.
import type { DiskUse } from '../docker/disk-use.js';
import type { Limits } from '../job/limits.js';
import { showBytes } from '../job/quantity.js';

/** Most builds that a warm start makes brief end before the first look. */
const FIRST_MS = 1_000;
const SOONEST_MS = 2_000;
const LATEST_MS = 15_000;
/** Looking takes a fiftieth of the time at most, unless that would be too seldom. */
const SHARE = 50;

export interface DiskWatched {
  limits: Pick<Limits, 'disk' | 'inodes'>;
  /** The signal aborts when nobody wants to know any more. */
  look: (signal: AbortSignal) => Promise<DiskUse>;
  /** Hears once what there is too much of, in words. */
  onExcess: (what: string) => void;
}

export class DiskWatch implements Disposable {
  readonly #watched: DiskWatched;
  #timer: NodeJS.Timeout;
  readonly #over = new AbortController();

  constructor(watched: DiskWatched) {
    this.#watched = watched;
    this.#timer = setTimeout(() => void this.#look(), FIRST_MS);
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { look, limits, onExcess } = this.#watched;
    const began = performance.now();
    // An engine that does not answer ends no build.
    const what = excess(await look(this.#over.signal).catch(() => ({ bytes: 0 })), limits);
    if (this.#over.signal.aborted) return;
    if (what) return onExcess(what);
    this.#timer = setTimeout(() => void this.#look(), pauseAfter(performance.now() - began));
  }
}

/** How long to wait after a look that took so many milliseconds. Pure. */
export function pauseAfter(took: number): number {
  return Math.min(Math.max(SOONEST_MS, SHARE * took), LATEST_MS);
}

/** What a build has too much of, in words; undefined when it is within its limits. Pure. */
export function excess({ bytes, inodes = 0 }: DiskUse, limits: DiskWatched['limits']): string | undefined {
  if (bytes > limits.disk) return `${showBytes(bytes)} of ${showBytes(limits.disk)} written`;
  if (inodes > limits.inodes) return `${inodes} of ${limits.inodes} files and directories`;
  return undefined;
}
