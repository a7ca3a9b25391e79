// Sees to it that no job stays for ever: takes jobs from runners that are gone, and ends those that no queue holds.
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { sweep } from '../build/sweep.js';
import type { JobId } from '../job/identity.js';
import { SWEEP_KEY } from '../store/keys.js';
import { drop, loadQueued, unfinished } from '../store/queued.js';
import { queueKeyOf, unlock } from './jobs-queue.js';

const EVERY_MS = 15_000;
/** A job is recorded a moment before it is in the queue. */
const FRESH_MS = 30_000;
const AT_ONCE = 50;

/** Sweeps now, and then again and again until the signal aborts. With `containers`, those of dead runners go too. */
export async function keepSwept(
  redis: Redis,
  options: { containers: boolean; signal: AbortSignal },
): Promise<void> {
  while (!options.signal.aborted) {
    // What fails is tried again in the next round.
    if (options.containers) await sweepBox(redis).catch(() => {});
    await sweepRecords(redis).catch(() => {});
    await delay(EVERY_MS, undefined, { signal: options.signal }).catch(() => {});
  }
}

/** Removes the containers of this machine's dead runners, and lets the queue know of their jobs at once. */
export async function sweepBox(redis: Redis): Promise<void> {
  for (const id of await sweep(redis)) {
    const queued = await loadQueued(redis, id);
    if (queued?.ticket && queued.record.status === 'QUEUED') await unlock(redis, queued.ticket);
  }
}

/** Looks at every unfinished job; one process does, for all. */
export async function sweepRecords(redis: Redis): Promise<void> {
  if (!(await redis.set(SWEEP_KEY, '1', 'PX', EVERY_MS - 1_000, 'NX'))) return;
  const ids = await unfinished(redis);
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => look(redis, id)));
  }
}

/** To look at a record takes it from a runner that is gone; what then is queued must be in the queue. */
async function look(redis: Redis, id: JobId): Promise<void> {
  const queued = await loadQueued(redis, id);
  if (queued?.record.status !== 'QUEUED') return;
  await drop(redis, id, {
    queueKey: queueKeyOf(queued.ticket ?? 'none'),
    createdBefore: Date.now() - FRESH_MS,
    end: {
      status: 'ERROR',
      reason: 'runner_lost',
      message: 'the queue does not hold the job any more',
      remedy: 'Run the job again.',
      endedAt: Date.now(),
    },
  });
}
