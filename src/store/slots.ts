// Limits how many jobs of a user build at once on all machines together. The slot of a dead worker expires by itself.
import type { Redis } from 'ioredis';
import type { UserId } from '../job/identity.js';
import { SLOT_MS, SLOT_RENEWAL_MS } from '../settings/timing.js';
import { parkedKey, slotsKey } from './keys.js';
import { runScript } from './run-script.js';

/**
 * KEYS: slots, parked. ARGV: job, limit, ms, place in the line of parked jobs.
 * Returns 1 when the job has a slot, 0 when it is parked.
 */
const ACQUIRE_SLOT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
-- From before the clock was set back. Who still holds one renews it.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. now + ARGV[3], '+inf')
local has = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not has and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
  redis.call('EXPIRE', KEYS[2], 86400)
  return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS: slots, parked. ARGV: job. Returns the parked job that has waited longest, and unparks it. */
const RELEASE_SLOT = `
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('ZPOPMIN', KEYS[2])[1]`;

/** Acquires a slot, or renews the one that the job has. Without a free slot, parks the job. */
export async function acquireSlot(
  redis: Redis,
  user: UserId,
  job: { queueJobId: string; createdAt: number },
  limit: number,
): Promise<boolean> {
  const keys = [slotsKey(user), parkedKey(user)];
  return (await runScript(redis, ACQUIRE_SLOT, keys, [job.queueJobId, limit, SLOT_MS, job.createdAt])) === 1;
}

/** Renews a slot until the result is disposed of. */
export function holdSlot(
  redis: Redis,
  user: UserId,
  job: { queueJobId: string; createdAt: number },
): Disposable {
  // No limit here, as it held when the slot was acquired: a slot that expired while Redis was away comes back.
  const renew = () => void acquireSlot(redis, user, job, Number.MAX_SAFE_INTEGER).catch(() => {});
  const timer = setInterval(renew, SLOT_RENEWAL_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Frees a slot. Returns the id, in the queue, of the parked job that is next. */
export async function releaseSlot(
  redis: Redis,
  user: UserId,
  queueJobId: string,
): Promise<string | undefined> {
  return (
    ((await runScript(redis, RELEASE_SLOT, [slotsKey(user), parkedKey(user)], [queueJobId])) as
      | string
      | null) ?? undefined
  );
}
