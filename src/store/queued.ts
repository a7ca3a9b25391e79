// Records of queued jobs: registers, claims, finds them, and ends those that are in no queue.
import type { Redis } from 'ioredis';
import type { JobId, UserId } from '../job/identity.js';
import type { BuildingRecord, JobRecord, QueuedRecord, Stop } from '../job/record.js';
import { fromHash, toFields } from '../job/record-hash.js';
import type { KeptLimits } from '../job/user-limits.js';
import { LEASE_MS } from '../settings/timing.js';
import { claimId, type KeptPayload, load, unlessNotFound } from './jobs.js';
import { jobKey, parseUnfinished, transitionKeys, UNFINISHED_KEY, unfinishedRange } from './keys.js';
import { runScript } from './run-script.js';
import { ABANDON, CLAIM_QUEUED, NOTE_COMPANY, WAITS } from './scripts.js';

export interface Registration {
  /** The job's id in the queue, the same for all its attempts. */
  queueJobId: string;
  retentionSeconds: number;
  /** How many bytes of its payload Redis holds until it has ended. */
  payloadBytes: number;
  /** The same payload, if it is kept after that. */
  payload?: KeptPayload;
  /** The callback's URL, sealed. */
  callback?: string;
  /** The most jobs that the user may have queued or building, this one included. */
  most?: number;
  /** The most bytes that the user may keep without this job. */
  mostKept?: KeptLimits;
}

/**
 * Records a job as QUEUED. Returns how many jobs of its user are queued or building, this one included.
 * @throws KoalaError `conflict` when the id is held, `over_limit` when the user has too many or keeps too much
 */
export async function register(
  redis: Redis,
  record: QueuedRecord,
  { queueJobId, payloadBytes, callback, ...bounds }: Registration,
): Promise<number> {
  const hidden = {
    ...{ _queue_job_id: queueJobId, _payload_bytes: String(payloadBytes) },
    ...(callback ? { _callback: callback } : {}),
  };
  return claimId(redis, record, { ...bounds, leaseMs: 0, hidden });
}

export type Claimed = { claims: number; lost: number } | 'held' | 'gone';

/** Claims a queued job for the attempt in `record`; see CLAIM_QUEUED for the answers. */
export async function claimQueued(
  redis: Redis,
  queueJobId: string,
  record: BuildingRecord,
): Promise<Claimed> {
  const { attempt, status, startedAt, runner, container } = record;
  const fields = toFields({ attempt, status, startedAt, runner, container });
  const args = [queueJobId, attempt, LEASE_MS, ...fields];
  const answer = await runScript(redis, CLAIM_QUEUED, transitionKeys(record), args);
  if (answer === 'held' || answer === 'gone') return answer;
  const [claims = 1, lost = 0] = answer as number[];
  return { claims, lost };
}

/** Notes whether the runner of a job has others at the same time: if it dies then, that is not counted against the job. */
export async function noteCompany(redis: Redis, id: JobId, has: boolean): Promise<void> {
  await runScript(redis, NOTE_COMPANY, [jobKey(id)], [has ? 1 : 0]);
}

/** How often a runner died that built this job and others. */
export async function lossesInCompany(redis: Redis, id: JobId): Promise<number> {
  return Number((await redis.hget(jobKey(id), '_lost_in_company')) ?? 0);
}

/** Notes in the record why a queued job waits, until it is claimed. */
export async function noteWaiting(redis: Redis, id: JobId, queueJobId: string, why: string): Promise<void> {
  await runScript(redis, WAITS, transitionKeys(id), [queueJobId, why]);
}

/** The record of a queued job, as load() returns it, with its id in the queue; undefined when there is none. */
export async function loadQueued(
  redis: Redis,
  id: JobId,
): Promise<{ record: JobRecord; queueJobId: string | undefined } | undefined> {
  const queueJobId = await redis.hget(jobKey(id), '_queue_job_id');
  const record = await load(redis, id).catch(unlessNotFound);
  return record && { record, queueJobId: queueJobId ?? undefined };
}

/**
 * Ends a QUEUED deployment that was created before `createdBefore`, unless BullMQ has its job under `queueKey`.
 * Returns whether this call ended it.
 */
export async function abandon(
  redis: Redis,
  id: JobId,
  options: { queueKey: string; createdBefore: number; queueJobId?: string; end: Stop },
): Promise<boolean> {
  const { queueKey, createdBefore, queueJobId = '', end } = options;
  const keys = [...transitionKeys(id), queueKey];
  return (await runScript(redis, ABANDON, keys, [createdBefore, queueJobId, ...toFields(end)])) === 1;
}

/** All users' deployments that are queued or building. Forgets those whose records have expired. */
export async function unfinished(redis: Redis): Promise<JobId[]> {
  return known(redis, await redis.zrange(UNFINISHED_KEY, '0', '-1'));
}

/** The records of a user's deployments that are queued or building. */
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
