// The BullMQ queue of jobs: its name, what an entry holds, and how an entry is named.
import { createHash } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type DeploymentId, escapeId, type JobId, type UserId } from '../job/identity.js';
import { QUEUE_PREFIX } from '../store/keys.js';

export const JOBS = 'jobs';

/** What lies in Redis until a job is built. */
export interface QueuedJob {
  user: UserId;
  deployment: DeploymentId;
  createdAt: number;
  /** Sealed: it holds secrets. */
  payload: string;
}

export type JobsQueue = Queue<QueuedJob>;

/** What BullMQ keeps of a job that is over: nothing, or Redis would grow. The record says how it ended. */
export const KEEP_NOTHING = { removeOnComplete: true, removeOnFail: true } as const;

/** Opens the queue on a connection, which stays the caller's. */
export function openJobsQueue(redis: Redis): JobsQueue {
  const queue: JobsQueue = new Queue(JOBS, { connection: redis, prefix: QUEUE_PREFIX });
  // A Redis that is away is seen in each command's outcome.
  queue.on('error', () => {});
  return queue;
}

/**
 * Names a job in the queue. BullMQ drops a second job of one id in silence, so the attempt is in it: a deployment that has
 * ended can be created again. A digest, for BullMQ takes neither numbers nor colons.
 */
export function queueJobIdOf(id: JobId, attempt: string): string {
  const digest = createHash('sha256').update(`${escapeId(id.user)}:${escapeId(id.deployment)}:${attempt}`);
  return `job-${digest.digest('hex').slice(0, 32)}`;
}

/** The hash in which BullMQ keeps a job: it is there until the job is over. */
export const queueKeyOf = (queueJobId: string) => `${QUEUE_PREFIX}:${JOBS}:${queueJobId}`;

/** Lets the queue see at once that whoever works on a job is dead; else its lock has to run out. */
export async function unlock(redis: Redis, queueJobId: string): Promise<void> {
  await redis.del(`${queueKeyOf(queueJobId)}:lock`);
}
