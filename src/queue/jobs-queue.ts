// The BullMQ queue of jobs: its name, what an entry holds, and how an entry is named.
import { createHash } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type DeploymentId, formatJobId, type JobId, type UserId } from '../job/identity.js';
import type { KeptLimits } from '../job/user-limits.js';
import { QUEUE_PREFIX } from '../store/keys.js';

export const JOBS = 'jobs';

/** What BullMQ holds of a job until it is built. */
export interface QueuedJob {
  user: UserId;
  deployment: DeploymentId;
  createdAt: number;
  /** Sealed: it holds secrets. */
  payload: string;
  /** Builds of its user at once, where the token said it. */
  running?: number;
  /** The bytes that its user may keep, where they are limited. */
  kept?: KeptLimits;
}

export type JobsQueue = Queue<QueuedJob>;

/** BullMQ keeps nothing of a job that has ended, or Redis would grow. The record says how it ended. */
export const KEEP_NOTHING = { removeOnComplete: true, removeOnFail: true } as const;

/** Opens the queue on a connection, which stays the caller's. */
export function openJobsQueue(redis: Redis): JobsQueue {
  const queue: JobsQueue = new Queue(JOBS, { connection: redis, prefix: QUEUE_PREFIX });
  // When Redis is away, every command fails, and that is where it is handled.
  queue.on('error', () => {});
  return queue;
}

/**
 * Names a job in the queue. BullMQ silently drops a second job with the same id, so the id includes the attempt: a
 * deployment that has ended can be created again. It is a digest because BullMQ accepts neither numbers nor colons.
 */
export function queueJobIdOf(id: JobId, attempt: string): string {
  const digest = createHash('sha256').update(`${formatJobId(id)}:${attempt}`);
  return `job-${digest.digest('hex').slice(0, 32)}`;
}

/** The hash in which BullMQ keeps a job. It exists until the job has ended. */
export const queueKeyOf = (queueJobId: string) => `${QUEUE_PREFIX}:${JOBS}:${queueJobId}`;

/** String that expires: a worker has the job. */
export const lockKeyOf = (queueJobId: string) => `${queueKeyOf(queueJobId)}:lock`;

/** Removes the lock of a worker that is known to be dead, so that the queue need not wait for it to expire. */
export async function unlock(redis: Redis, queueJobId: string): Promise<void> {
  await redis.del(lockKeyOf(queueJobId));
}
