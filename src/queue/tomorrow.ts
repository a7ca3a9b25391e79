// What Redis holds for a while ends by the clock. When somebody sets that back by a day, the lease of a dead runner would last a day
// longer, and a job that is to be tried in ten seconds would wait as long.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { LATER_RETRY_MS, LEASE_MS, QUEUE_LOCK_MS, STALLED_CHECK_MS } from '../settings/timing.js';
import { leaseKey, QUEUE_PREFIX } from '../store/keys.js';
import { shorten } from '../store/turns.js';
import { JOBS, type JobsQueue, lockKeyOf } from './jobs-queue.js';

/** BullMQ multiplies times by this, to put jobs of one millisecond in order. */
const SCORE = 4096;

/** Shortens the turn of the process that looks for stalled jobs for all. */
export async function shortenStalledCheck(redis: Redis): Promise<void> {
  await shorten(redis, [[`${QUEUE_PREFIX}:${JOBS}:stalled-check`, STALLED_CHECK_MS]]);
}

/** Shortens a job's lease and its lock in the queue. A runner that lives renews them in time. */
export async function shortenHolds(redis: Redis, id: JobId, queueJobId: string | undefined): Promise<void> {
  const holds: [string, number][] = [[leaseKey(id), LEASE_MS]];
  if (queueJobId) holds.push([lockKeyOf(queueJobId), QUEUE_LOCK_MS]);
  await shorten(redis, holds);
}

/** Promotes the jobs that were put off for longer than any ever is. */
export async function promoteStrays(redis: Redis, queue: JobsQueue): Promise<void> {
  const latest = Date.now() + 2 * LATER_RETRY_MS;
  const ids = await redis.zrangebyscore(`${QUEUE_PREFIX}:${JOBS}:delayed`, latest * SCORE, '+inf');
  for (const id of ids) {
    const entry = await queue.getJob(id);
    // Another process may have promoted it.
    await entry?.promote().catch(() => {});
  }
}
