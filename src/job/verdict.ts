// Why a build stops. The first cause wins, and `signal` tells all that wait for it at once.
import type { Cause } from './ending.js';

export class Verdict {
  readonly #decided = new AbortController();
  #cause: Cause | undefined;
  #requeued = false;

  /** The first cause that was given; also undefined when the job is requeued. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** Whether the job goes back into its queue, for another runner. */
  get requeued(): boolean {
    return this.#requeued;
  }

  /** Whether the build has to stop, for any reason. */
  get decided(): boolean {
    return this.signal.aborted;
  }

  /** Aborts when the build has to stop. */
  get signal(): AbortSignal {
    return this.#decided.signal;
  }

  /** Gives a cause. Only the first one counts: those after it are its effects. */
  decide(cause: Cause): void {
    if (this.decided) return;
    this.#cause = cause;
    this.#decided.abort();
  }

  /** Stops the build without an ending, and requeues the job; does nothing after a decision. */
  requeue(): void {
    if (this.decided) return;
    this.#requeued = true;
    this.#decided.abort();
  }
}
