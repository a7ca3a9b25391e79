// Remembers of each snapshot whether the last build failed from it and then failed again from nothing, so that a row of failures
// is tried twice only once.
import type { Redis } from 'ioredis';
import { failedTwiceKey } from './keys.js';

/** Notes that a build failed from a snapshot, and failed again from nothing. */
export async function noteFailedTwice(redis: Redis, snapshot: string, ttlSeconds: number): Promise<void> {
  await redis.set(failedTwiceKey(snapshot), '1', 'EX', ttlSeconds);
}

/** Ends the row of failures: a build that would save this snapshot is READY. */
export async function forgetFailedTwice(redis: Redis, snapshot: string): Promise<void> {
  await redis.del(failedTwiceKey(snapshot));
}

/** Whether the last build failed twice. */
export async function hasFailedTwice(redis: Redis, snapshot: string): Promise<boolean> {
  return (await redis.exists(failedTwiceKey(snapshot))) === 1;
}
