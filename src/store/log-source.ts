// The log of a deployment in Redis, as its readers want it: now, from a place on, and with what is known of the deployment.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';
import { load } from './jobs.js';
import { followLog, type LogPart, readLog } from './log-reader.js';

/** A log, wherever it is. */
export interface LogSource {
  /** What is known of the deployment now. */
  record(): Promise<JobRecord>;
  /** What is there of its log now. */
  read(): AsyncIterable<LogPart>;
  /** What is there after a place, and what is added, until the deployment has ended or the signal aborts. */
  follow(after: number, signal: AbortSignal): AsyncIterable<LogPart>;
}

/** Few at a time: who wants the first line only does not wait for more. */
const CHUNKS = 8;

/** The log of a deployment in Redis. */
export function logIn(redis: Redis, id: JobId): LogSource {
  return {
    record: () => load(redis, id),
    read: () => readLog(redis, id, 0, CHUNKS),
    follow: (after, signal) => followLog(redis, id, signal, after),
  };
}
