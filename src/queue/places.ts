// The places of a worker: as many as it builds at once. The work after READY keeps its build's place while anything of the project
// still runs.
import { EventEmitter, once } from 'node:events';
import { settledWithin } from '../job/settled-within.js';
import { untilDecided } from '../job/verdict.js';
import type { PostBuildWork } from '../runner/post-build-process.js';
import { POST_BUILD_PATIENCE_MS, POST_BUILD_STOP_MS } from '../settings/timing.js';

/** A build's place. Disposing of it frees it, or leaves it to the work after READY. */
export interface Place extends Disposable {
  /** Leaves the place to this work when the build has ended. */
  keepFor(work: PostBuildWork): void;
}

export interface PlacesOptions {
  /** How many there are. */
  most: number;
  /** How long work after READY may keep a place that a job waits for. */
  patienceMs?: number;
  /** Hears of work that is ended before it is done. */
  onStop?: (work: PostBuildWork) => void;
}

/** Work after READY: since when it goes on, by performance.now(), and how far it is. */
interface Kept {
  work: PostBuildWork;
  since: number;
  isSaved: boolean;
  isStopping: boolean;
}

export class Places {
  readonly #options: Required<PlacesOptions>;
  readonly #changes = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  #builds = 0;
  /** The oldest first. */
  #kept: Kept[] = [];

  constructor({ most, patienceMs = POST_BUILD_PATIENCE_MS, onStop = () => {} }: PlacesOptions) {
    this.#options = { most, patienceMs, onStop };
  }

  /**
   * Takes a place, as soon as there is one: who waits ends the work after READY that has kept one for too long. Returns undefined
   * when `signal` aborts first.
   */
  async take(signal: AbortSignal): Promise<Place | undefined> {
    while (!this.#isFree) {
      if (signal.aborted) return undefined;
      await this.#change(signal);
    }
    this.#builds++;
    return this.#place();
  }

  /** Waits until the work after READY has ended, for a limited time, or until `hurry` aborts. Then ends what is left of it. */
  async close(hurry: AbortSignal): Promise<void> {
    const ended = Promise.all(this.#kept.map(({ work }) => work.ended));
    await untilDecided(settledWithin(POST_BUILD_STOP_MS, ended), { signal: hurry });
    await Promise.all(this.#kept.map((one) => this.#stop(one)));
  }

  /** What is saved needs no place, unless there is as much of it as there are places: else it would pile up. */
  get #isFree(): boolean {
    const { most } = this.#options;
    const saved = this.#kept.filter(({ isSaved }) => isSaved).length;
    const saving = this.#kept.length - saved;
    return this.#builds + saving + Math.max(0, saved - most) < most;
  }

  #place(): Place {
    let kept: PostBuildWork | undefined;
    return {
      keepFor(work) {
        kept = work;
      },
      [Symbol.dispose]: () => {
        this.#builds--;
        if (kept) void this.#keep(kept);
        this.#changes.emit('change');
      },
    };
  }

  async #keep(work: PostBuildWork): Promise<void> {
    const one = { work, since: performance.now(), isSaved: false, isStopping: false };
    this.#kept.push(one);
    await work.saved;
    one.isSaved = true;
    this.#changes.emit('change');
    await work.ended;
    this.#kept = this.#kept.filter((other) => other !== one);
    this.#changes.emit('change');
  }

  /** Waits for a change. When the oldest work has had its time, ends it instead. */
  async #change(signal: AbortSignal): Promise<void> {
    const left = this.#kept.filter(({ isStopping }) => !isStopping);
    const oldest = left.find(({ isSaved }) => !isSaved) ?? left[0];
    const leftMs = oldest ? oldest.since + this.#options.patienceMs - performance.now() : undefined;
    const late = leftMs === undefined ? undefined : AbortSignal.timeout(Math.max(0, Math.ceil(leftMs)));
    const either = AbortSignal.any(late ? [signal, late] : [signal]);
    await once(this.#changes, 'change', { signal: either }).catch(() => {});
    if (oldest && late?.aborted && !signal.aborted) await this.#stop(oldest);
  }

  async #stop(one: Kept): Promise<void> {
    if (one.isStopping) return;
    one.isStopping = true;
    this.#options.onStop(one.work);
    await one.work.stop();
  }
}
