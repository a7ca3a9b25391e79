// Why a build stops: the first word wins, and whoever waits is told at once.
import type { Cause } from './ending.js';

export class Verdict {
  readonly #decided = new AbortController();
  #cause: Cause | undefined;
  #requeued = false;

  /** The cause that was given first; undefined also for a build whose job goes back to its queue. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** Whether the job goes back to its queue, for another runner to build. */
  get requeued(): boolean {
    return this.#requeued;
  }

  /** Whether the build has to stop, for whatever reason. */
  get decided(): boolean {
    return this.signal.aborted;
  }

  /** Aborts when the build has to stop. */
  get signal(): AbortSignal {
    return this.#decided.signal;
  }

  /** Gives a cause; what comes after the first is its effect and changes nothing. */
  decide(cause: Cause): void {
    if (this.decided) return;
    this.#cause = cause;
    this.#decided.abort();
  }

  /** Stops the build without an end: the job goes back to its queue. What was decided before stands. */
  requeue(): void {
    if (this.decided) return;
    this.#requeued = true;
    this.#decided.abort();
  }
}
