// Why a build ends: the first cause wins, and whoever waits is told at once.
import type { Cause } from './status.js';

export class Verdict {
  readonly #decided = new AbortController();
  #cause: Cause | undefined;
  #requeued = false;

  /** The first cause that was given. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** Whether the job is to be built by another runner. */
  get requeued(): boolean {
    return this.#requeued;
  }

  /** Aborts when a cause is given. */
  get signal(): AbortSignal {
    return this.#decided.signal;
  }

  /** Gives a cause; what comes after the first is its effect and changes nothing. */
  decide(cause: Cause): void {
    if (this.#cause) return;
    this.#cause = cause;
    this.#decided.abort();
  }

  /** Stops the build without an end: the job goes back to its queue. A cause that was given before stands. */
  requeue(): void {
    if (this.#cause) return;
    this.#requeued = true;
    this.decide({ reason: 'runner_lost', message: 'the runner stops' });
  }
}
