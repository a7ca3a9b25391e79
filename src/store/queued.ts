// Records of queued jobs: put in, taken by a worker, ended when no queue holds them, and found again.
import type { Redis } from 'ioredis';
import type { JobId, UserId } from '../job/identity.js';
import { fromHash, type JobRecord, toHash } from '../job/record.js';
import { LEASE_MS, load, takeId, unlessNotFound } from './jobs.js';
import { jobKey, lifeKeys, parseUnfinished, UNFINISHED_KEY, unfinishedRange } from './keys.js';
import { runScript } from './run-script.js';
import { DROP, TAKE } from './scripts.js';

export interface Registration {
  /** Names the job in the queue, through all its runs. */
  ticket: string;
  retentionSeconds: number;
  /** Sealed: who is called back. */
  callback?: string;
}

/**
 * Records a job as QUEUED. Returns how many jobs of its user are queued or building, this one included.
 * @throws KoalaError `conflict` when the id is held
 */
export async function register(
  redis: Redis,
  record: JobRecord,
  { ticket, retentionSeconds, callback }: Registration,
): Promise<number> {
  const hidden = { _ticket: ticket, ...(callback ? { _callback: callback } : {}) };
  return takeId(redis, record, { retentionSeconds, leaseMs: 0, hidden });
}

export type Taken = { takes: number; lost: number } | 'held' | 'gone';

/** Takes a queued job for the run in `record`; see TAKE for the answers. */
export async function take(redis: Redis, ticket: string, record: JobRecord): Promise<Taken> {
  const { run, status, startedAt, runner, container } = record;
  const fields = Object.entries(toHash({ run, status, startedAt, runner, container } as JobRecord)).flat();
  const answer = await runScript(redis, TAKE, lifeKeys(record), [ticket, run, LEASE_MS, ...fields]);
  if (answer === 'held' || answer === 'gone') return answer;
  const [takes = 1, lost = 0] = answer as number[];
  return { takes, lost };
}

/** The record of a queued job, as load(), with its ticket; undefined when there is none. */
export async function loadQueued(
  redis: Redis,
  id: JobId,
): Promise<{ record: JobRecord; ticket: string | undefined } | undefined> {
  const ticket = await redis.hget(jobKey(id), '_ticket');
  const record = await load(redis, id).catch(unlessNotFound);
  return record && { record, ticket: ticket ?? undefined };
}

/**
 * Ends a QUEUED deployment that was created before a time, if the BullMQ job under `queueKey` is not there.
 * Returns whether this call ended it.
 */
export async function drop(
  redis: Redis,
  id: JobId,
  options: { queueKey: string; createdBefore: number; ticket?: string; end: Partial<JobRecord> },
): Promise<boolean> {
  const { queueKey, createdBefore, ticket = '', end } = options;
  const fields = Object.entries(toHash(end)).flat();
  const keys = [...lifeKeys(id), queueKey];
  return (await runScript(redis, DROP, keys, [createdBefore, ticket, ...fields])) === 1;
}

/** Everybody's deployments that are queued or building; those whose records have expired are forgotten. */
export async function unfinished(redis: Redis): Promise<JobId[]> {
  return known(redis, await redis.zrange(UNFINISHED_KEY, '0', '-1'));
}

/** Records of a user's deployments that are queued or building. */
export async function unfinishedOf(redis: Redis, user: UserId): Promise<JobRecord[]> {
  const ids = await known(redis, await redis.zrangebylex(UNFINISHED_KEY, ...unfinishedRange(user)));
  const records = await Promise.all(ids.map(async (id) => fromHash(await redis.hgetall(jobKey(id)))));
  return records.filter((record) => record !== undefined);
}

async function known(redis: Redis, members: string[]): Promise<JobId[]> {
  const ids = members.flatMap((member) => parseUnfinished(member) ?? []);
  const there = await Promise.all(ids.map((id) => redis.exists(jobKey(id))));
  const gone = members.filter((_, index) => there[index] === 0);
  if (gone.length > 0) await redis.zrem(UNFINISHED_KEY, ...gone);
  return ids.filter((_, index) => there[index] === 1);
}
