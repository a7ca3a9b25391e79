// Why a build ends: the first cause wins, and whoever waits is told at once.
import type { Cause } from '../job/status.js';

export class Verdict {
  readonly #decided = new AbortController();
  #cause: Cause | undefined;

  /** The first cause that was given. */
  get cause(): Cause | undefined {
    return this.#cause;
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
}
