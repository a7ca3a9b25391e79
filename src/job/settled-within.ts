// Waits for a promise, but not for ever.
import { setTimeout as delay } from 'node:timers/promises';

/** Whether a promise settled in time, fulfilled or rejected. A later rejection is swallowed. */
export async function settledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const done = work.then(
    () => true,
    () => true,
  );
  const late = delay(ms, false, { signal: over.signal }).catch(() => false);
  try {
    return await Promise.race([done, late]);
  } finally {
    over.abort();
  }
}
