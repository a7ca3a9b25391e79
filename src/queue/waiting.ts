// What waits in the queues: since when the job that has waited longest, and how many callbacks.
import type { Redis } from 'ioredis';
import { QUEUE_PREFIX } from '../store/keys.js';
import { type JobsQueue, queueKeyOf } from './jobs-queue.js';

/** More are not looked at: then the queue has other problems. */
const MOST = 10_000;

/** Since when the job waits that has waited longest for a worker, in milliseconds since 1970; undefined when none waits. */
export async function oldestWaiting(redis: Redis, queue: JobsQueue): Promise<number | undefined> {
  const ids = await queue.getRanges(['prioritized', 'wait', 'delayed'], 0, MOST - 1);
  const pipeline = redis.pipeline();
  // Not the whole job: its payload may have a megabyte.
  for (const id of ids) pipeline.hget(queueKeyOf(id), 'timestamp');
  const answers = (await pipeline.exec()) ?? [];
  const times = answers.map(([, time]) => Number(time)).filter((time) => time > 0);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** How many callbacks are to be sent, those that are tried again included. */
export async function waitingCallbacks(redis: Redis): Promise<number> {
  const key = (state: string) => `${QUEUE_PREFIX}:callbacks:${state}`;
  const counts = [redis.llen(key('wait')), redis.zcard(key('delayed')), redis.llen(key('active'))];
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
