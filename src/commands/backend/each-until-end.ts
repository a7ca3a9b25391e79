// Looks at a deployment again and again, until it has ended.
import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded, type JobRecord } from '../../job/record.js';

/** Between two looks, at first and at most. */
const FIRST_MS = 250;
const MOST_MS = 1_000;

/** Its record, each time; the last one has ended, unless the signal aborts before. */
export async function* eachUntilEnd(
  load: () => Promise<JobRecord>,
  signal: AbortSignal,
): AsyncGenerator<JobRecord> {
  for (let wait = FIRST_MS; !signal.aborted; wait = Math.min(MOST_MS, wait * 2)) {
    const record = await load();
    if (signal.aborted) return;
    yield record;
    if (hasEnded(record)) return;
    await delay(wait, undefined, { signal }).catch(() => {});
  }
}
