// What Redis holds for a while ends by the clock. When somebody sets that back by a day, the lease of a dead runner would last a day
// longer, and a job that is to be tried in ten seconds would wait as long.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import {
  LATER_RETRY_MS,
  LEASE_MS,
  QUEUE_LOCK_MS,
  RECONCILE_TURN_MS,
  STALLED_CHECK_MS,
} from '../settings/timing.js';
import { leaseKey, QUEUE_PREFIX, RECONCILE_KEY } from '../store/keys.js';
import { runScript } from '../store/run-script.js';
import { JOBS, type JobsQueue, lockKeyOf } from './jobs-queue.js';

/** KEYS: what expires. ARGV: after how many ms each does at most. */
const SHORTEN = `
for at, key in ipairs(KEYS) do
  if redis.call('PTTL', key) > tonumber(ARGV[at]) then redis.call('PEXPIRE', key, ARGV[at]) end
end`;

/** BullMQ multiplies times by this, to put jobs of one millisecond in order. */
const SCORE = 4096;

/** Shortens the turns of those who check for all: the one that reconciles, and the one that looks for stalled jobs. */
export async function shortenTurns(redis: Redis): Promise<void> {
  const keys = [RECONCILE_KEY, `${QUEUE_PREFIX}:${JOBS}:stalled-check`];
  await runScript(redis, SHORTEN, keys, [RECONCILE_TURN_MS, STALLED_CHECK_MS]);
}

/** Shortens a job's lease and its lock in the queue. A runner that lives renews them in time. */
export async function shortenHolds(redis: Redis, id: JobId, queueJobId: string | undefined): Promise<void> {
  const holds: [string, number][] = [[leaseKey(id), LEASE_MS]];
  if (queueJobId) holds.push([lockKeyOf(queueJobId), QUEUE_LOCK_MS]);
  await runScript(
    redis,
    SHORTEN,
    holds.map(([key]) => key),
    holds.map(([, ms]) => ms),
  );
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
