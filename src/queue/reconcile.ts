// Sees to it that no job stays for ever: takes jobs from runners that are gone, and ends those that no queue holds.
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { sweep } from '../runner/reaper.js';
import { isDead } from '../runner/runner-id.js';
import { lose } from '../store/jobs.js';
import { SWEEP_KEY } from '../store/keys.js';
import { drop, loadQueued, unfinished } from '../store/queued.js';
import { freeSlot } from '../store/slots.js';
import { queueKeyOf, unlock } from './jobs-queue.js';

const EVERY_MS = 15_000;
/** A job is recorded a moment before it is in the queue. */
const FRESH_MS = 30_000;
const AT_ONCE = 50;

/** Sweeps again and again until the signal aborts. With `containers`, those of dead runners go too. */
export async function keepSwept(
  redis: Redis,
  options: { containers: boolean; signal: AbortSignal },
): Promise<void> {
  for (;;) {
    await delay(EVERY_MS, undefined, { signal: options.signal }).catch(() => {});
    if (options.signal.aborted) return;
    // What fails is tried again in the next round.
    if (options.containers) await sweepBox(redis).catch(() => {});
    if (await isMyTurn(redis).catch(() => false)) await sweepRecords(redis).catch(() => {});
  }
}

/** Removes the containers of this machine's dead runners, and lets the queue know of their jobs at once. */
export async function sweepBox(redis: Redis): Promise<void> {
  for (const id of await sweep(redis)) await release(redis, id);
}

/** One process looks at the records, for all. */
async function isMyTurn(redis: Redis): Promise<boolean> {
  return (await redis.set(SWEEP_KEY, '1', 'PX', EVERY_MS - 1_000, 'NX')) === 'OK';
}

/** Looks at every unfinished job. */
export async function sweepRecords(redis: Redis): Promise<void> {
  const ids = await unfinished(redis);
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => look(redis, id)));
  }
}

/** To look at a record takes it from a runner that is gone; what then is queued must be in the queue. */
async function look(redis: Redis, id: JobId): Promise<void> {
  const queued = await loadQueued(redis, id);
  if (queued?.record.status === 'BUILDING' && isDead(queued.record.runner ?? '')) {
    await lose(redis, id, queued.record.run);
    await release(redis, id);
  }
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

/** A job whose runner is known to be dead need not wait until its lock and its slot run out. */
async function release(redis: Redis, id: JobId): Promise<void> {
  const queued = await loadQueued(redis, id);
  if (!queued?.ticket || queued.record.status !== 'QUEUED') return;
  await unlock(redis, queued.ticket);
  await freeSlot(redis, id.user, queued.ticket);
}
