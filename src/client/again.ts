// Asks again and again what somebody waits for, while a service is away or busy for a moment.
import { setTimeout as delay } from 'node:timers/promises';
import { KoalaError } from '../job/errors.js';
import { mayPass } from './no-answer.js';

/** Between two tries, at first and at most. */
const FIRST_MS = 500;
const MOST_MS = 10_000;
/** After so long without an answer, nobody waits any more. */
export const AWAY_MS = 15 * 60_000;

export class Patience {
  #wait = FIRST_MS;
  #since: number | undefined;
  readonly #onAway: (error: unknown) => void;

  /** `onAway` hears once of each time that the service is away. */
  constructor(onAway: (error: unknown) => void) {
    this.#onAway = onAway;
  }

  /** It has answered. */
  answered(): void {
    this.#wait = FIRST_MS;
    this.#since = undefined;
  }

  /**
   * Waits before the next try.
   * @throws the error, if it does not pass, or has not for too long
   */
  async after(error: unknown, signal?: AbortSignal): Promise<void> {
    if (!mayPass(error)) throw error;
    if (this.#since === undefined) this.#onAway(error);
    this.#since ??= performance.now();
    if (performance.now() - this.#since > AWAY_MS) throw error;
    const asked = error instanceof KoalaError ? (error.retryAfter ?? 0) * 1000 : 0;
    // Not all at once, when a service comes back.
    const wait = Math.min(MOST_MS, Math.max(asked, this.#wait * (0.75 + Math.random() / 2)));
    this.#wait = Math.min(MOST_MS, this.#wait * 2);
    await delay(wait, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

/** Asks until there is an answer. */
export async function again<T>(ask: () => Promise<T>, patience: Patience, signal?: AbortSignal): Promise<T> {
  for (;;)
    try {
      const answer = await ask();
      patience.answered();
      return answer;
    } catch (error) {
      if (signal?.aborted) throw error;
      await patience.after(error, signal);
    }
}
