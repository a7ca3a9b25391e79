// Tries what may fail for a moment again, after longer and longer pauses.
import { setTimeout as delay } from 'node:timers/promises';
import { KoalaError, messageOf } from '../job/errors.js';
import { showDuration } from '../job/quantity.js';
import { UPLOAD_RETRIES_MS } from '../settings/timing.js';
import type { TargetOptions } from '../upload/target.js';

export interface RetryOptions extends TargetOptions {
  /** What to wait before each further try. */
  pauses?: readonly number[];
}

/** Does some work until it succeeds, the signal aborts, or it has failed after each pause, too. */
export async function retried<T>(what: string, work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, say, pauses = UPLOAD_RETRIES_MS } = options;
  for (const pause of pauses) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (isFinal(error)) throw error;
      say(`${what} failed: ${messageOf(error)}; trying again in ${showDuration(pause)}`);
      await delay(pause, undefined, { signal });
    }
  }
  return work();
}

/** Whether it would only fail again: not the network or a disk is at fault, but what was asked for. */
function isFinal(error: unknown): boolean {
  return error instanceof KoalaError && error.kind !== 'environment';
}
