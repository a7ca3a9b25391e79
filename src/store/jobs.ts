// Records of deployments: claim an id, load, list, request a cancel, mark an attempt whose runner is lost.
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import type { DeploymentId, JobId, UserId } from '../job/identity.js';
import type { BuildingRecord, JobRecord, QueuedRecord, Stop } from '../job/record.js';
import { fromHash, toFields } from '../job/record-hash.js';
import { isFinal, type Status } from '../job/status.js';
import { type KeptLimits, overLimit } from '../job/user-limits.js';
import { LEASE_MS } from '../settings/timing.js';
import { type Excess, excessError, keptArgs } from './kept.js';
import {
  cancelChannel,
  indexKey,
  jobKey,
  leaseKey,
  payloadKey,
  transitionKeys,
  unfinishedRange,
} from './keys.js';
import { runScript } from './run-script.js';
import { CANCEL, CLAIM, MARK_LOST } from './scripts.js';

/** A build takes about this long: then there may be room for another job. */
const RETRY_SECONDS = 30;

/**
 * Claims the deployment id for a new attempt, and removes the log of the deployment before.
 * @throws KoalaError `conflict` when it is queued or building already
 */
export async function claim(
  redis: Redis,
  record: BuildingRecord,
  retentionSeconds: number,
  payload?: KeptPayload,
): Promise<void> {
  const kept = payload ? { payload } : {};
  await claimId(redis, record, { retentionSeconds, leaseMs: LEASE_MS, hidden: {}, ...kept });
}

/** The job itself, which is kept so that it can be built again. */
export interface KeptPayload {
  sealed: string;
  /** For how long; not at all, if that is 0. */
  seconds: number;
}

interface Claiming {
  retentionSeconds: number;
  leaseMs: number;
  hidden: Record<string, string>;
  payload?: KeptPayload;
  /** The most jobs that the user may have queued or building, this one included. */
  most?: number;
  /** The most bytes that the user may keep without this job. */
  mostKept?: KeptLimits;
}

/**
 * Like claim(), with `hidden` fields that only scripts read, and without a lease when `leaseMs` is 0 (the job is queued).
 * Returns how many jobs of the user are queued or building, this one included.
 * @throws KoalaError `conflict`; `over_limit` when the user has `most` of them without it, or keeps as much as `mostKept` says
 */
export async function claimId(
  redis: Redis,
  record: QueuedRecord | BuildingRecord,
  options: Claiming,
): Promise<number> {
  const keys = [...transitionKeys(record), indexKey(record.user), payloadKey(record)];
  const { retentionSeconds, leaseMs, hidden, most = Number.MAX_SAFE_INTEGER, mostKept = {} } = options;
  const head = [record.attempt, leaseMs, record.createdAt, retentionSeconds, record.deployment];
  const { sealed, seconds } = keptOf(options);
  const bytes = sealed === '' ? [] : ['_kept_payload_bytes', Buffer.byteLength(sealed)];
  const fields = [...toFields(record), ...Object.entries(hidden).flat(), ...bytes];
  const range = unfinishedRange(record.user);
  const bounds = [most, record.project, ...keptArgs(mostKept)];
  const args = [...head, ...range, ...bounds, sealed, seconds, ...fields];
  const count = await runScript(redis, CLAIM, keys, args);
  if (Array.isArray(count)) throw excessError(count as Excess, mostKept);
  if (Number(count) > 0) return Number(count);
  if (count === -1) throw overLimit('jobs that are queued or building', most, RETRY_SECONDS);
  throw new KoalaError('conflict', `deployment ${record.deployment} is queued or building already`, {
    remedy: `Follow it with "koalaci logs -f ${record.deployment}", or stop it with "koalaci cancel ${record.deployment}".`,
  });
}

/** A payload is of no use without its record. */
function keptOf({ payload, retentionSeconds }: Claiming): KeptPayload {
  if (!payload || payload.seconds === 0) return { sealed: '', seconds: 0 };
  return { ...payload, seconds: Math.min(payload.seconds, retentionSeconds) };
}

/**
 * The job of a deployment, sealed as it was claimed with.
 * @throws KoalaError `not_found` without such a deployment, `conflict` when its job is not kept any more
 */
export async function loadPayload(redis: Redis, id: JobId): Promise<string> {
  await load(redis, id);
  const sealed = await redis.get(payloadKey(id));
  if (sealed !== null) return sealed;
  throw new KoalaError('conflict', `the job of deployment ${id.deployment} is not kept any more`, {
    remedy: 'Create it anew with its payload. KOALACI_RERUN_DAYS says how long jobs are kept.',
  });
}

/**
 * The record of a deployment of this user.
 * @throws KoalaError `not_found`, whether the deployment is another user's or never existed
 */
export async function load(redis: Redis, id: JobId): Promise<JobRecord> {
  const record = fromHash(await redis.hgetall(jobKey(id)));
  if (!record) {
    throw new KoalaError('not_found', `there is no deployment ${id.deployment}`, {
      remedy: '"koalaci list" shows those that are known.',
    });
  }
  return reconcile(redis, id, record);
}

/** The user's newest deployments, newest first. */
export async function list(redis: Redis, user: UserId, most: number): Promise<JobRecord[]> {
  const ids = await redis.zrevrange(indexKey(user), 0, most - 1);
  const found = await Promise.all(
    ids.map(async (deployment) =>
      load(redis, { user, deployment: deployment as DeploymentId }).catch(unlessNotFound),
    ),
  );
  return found.filter((record) => record !== undefined);
}

/**
 * Asks the runner to stop a deployment. A queued one ends at once. Asking twice is harmless.
 * @throws KoalaError `not_found`, or `conflict` when it has ended
 */
export async function requestCancel(redis: Redis, id: JobId, why = 'canceled by its user'): Promise<void> {
  await load(redis, id);
  const end: Stop = {
    status: 'CANCELED',
    reason: 'canceled',
    message: why,
    endedAt: Date.now(),
  };
  const args = [cancelChannel(id), why, ...toFields(end)];
  const found = await runScript(redis, CANCEL, transitionKeys(id), args);
  if (found && isFinal(found as Status)) {
    throw new KoalaError('conflict', `deployment ${id.deployment} has ended already: ${found}`);
  }
}

/** Marks the attempt of a runner that is known to be dead as lost. Does nothing when it is not BUILDING. */
export async function markLost(redis: Redis, id: JobId, attempt: string): Promise<void> {
  const lease = leaseKey(id);
  if ((await redis.get(lease)) === attempt) await redis.del(lease);
  const record = fromHash(await redis.hgetall(jobKey(id)));
  if (record?.attempt === attempt) await reconcile(redis, id, record);
}

/** A record as it is now: one that is BUILDING without a lease has ended, or goes back to the queue that it came from. */
async function reconcile(redis: Redis, id: JobId, record: JobRecord): Promise<JobRecord> {
  if (record.status !== 'BUILDING' || (await redis.exists(leaseKey(id)))) return record;
  const lost: Stop = {
    status: 'ERROR',
    reason: 'runner_lost',
    message: `the runner ${record.runner} stopped in the middle of the build`,
    remedy: 'Run the job again.',
    endedAt: Date.now(),
  };
  await runScript(redis, MARK_LOST, transitionKeys(id), [record.attempt, ...toFields(lost)]);
  return fromHash(await redis.hgetall(jobKey(id))) ?? { ...record, ...lost };
}

/** For a catch: turns `not_found` into undefined, and throws every other error again. */
export function unlessNotFound(error: unknown): undefined {
  if (error instanceof KoalaError && error.kind === 'not_found') return undefined;
  throw error;
}
