// Records of deployments: take an id, read, list, ask for a cancel, end what lost its runner.
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import type { DeploymentId, JobId, UserId } from '../job/identity.js';
import { fromHash, type JobRecord, toHash } from '../job/record.js';
import { isFinal, type Status } from '../job/status.js';
import { cancelChannel, indexKey, jobKey, leaseKey, logKey } from './keys.js';
import { CANCEL, CLAIM, LOSE } from './scripts.js';

/** A runner renews its lease three times in this; when it runs out, the runner is taken for lost. */
export const LEASE_MS = 30_000;

/**
 * Takes the deployment id for a new run. The log of an earlier run is dropped.
 * @throws KoalaError `conflict` when it is queued or building already
 */
export async function claim(redis: Redis, record: JobRecord, retentionSeconds: number): Promise<void> {
  const id = { user: record.user, deployment: record.deployment };
  const keys = [jobKey(id), logKey(id), leaseKey(id), indexKey(id.user)];
  const head = [record.run, LEASE_MS, record.createdAt, retentionSeconds, record.deployment];
  const taken = await redis.eval(
    CLAIM,
    keys.length,
    ...keys,
    ...head,
    ...Object.entries(toHash(record)).flat(),
  );
  if (taken === 1) return;
  throw new KoalaError('conflict', `deployment ${record.deployment} is queued or building already`, {
    remedy: `Follow it with "koalaci logs -f ${record.deployment}", or stop it with "koalaci cancel ${record.deployment}".`,
  });
}

/**
 * The record of a deployment of this user.
 * @throws KoalaError `not_found`, for another user's as for one that never was
 */
export async function load(redis: Redis, id: JobId): Promise<JobRecord> {
  const record = fromHash(await redis.hgetall(jobKey(id)));
  if (!record) {
    throw new KoalaError('not_found', `there is no deployment ${id.deployment}`, {
      remedy: '"koalaci list" shows those that are known.',
    });
  }
  return settle(redis, id, record);
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
 * Asks whoever runs it to stop a deployment. Asking twice is harmless.
 * @throws KoalaError `not_found`, or `conflict` when it has ended
 */
export async function requestCancel(redis: Redis, id: JobId): Promise<void> {
  const record = await load(redis, id);
  const found = (await redis.eval(CANCEL, 1, jobKey(id), cancelChannel(id), record.run)) as Status | null;
  if (found && isFinal(found)) {
    throw new KoalaError('conflict', `deployment ${id.deployment} has ended already: ${found}`);
  }
}

/** Ends a deployment at once as lost, for a runner that is known to be dead; harmless when it is not BUILDING. */
export async function lose(redis: Redis, id: JobId, run: string): Promise<void> {
  const lease = leaseKey(id);
  if ((await redis.get(lease)) === run) await redis.del(lease);
  const record = fromHash(await redis.hgetall(jobKey(id)));
  if (record?.run === run) await settle(redis, id, record);
}

/** A record as it is now: one that says BUILDING without a live lease becomes ERROR/runner_lost. */
async function settle(redis: Redis, id: JobId, record: JobRecord): Promise<JobRecord> {
  if (record.status !== 'BUILDING' || (await redis.exists(leaseKey(id)))) return record;
  const lost: Partial<JobRecord> = {
    status: 'ERROR',
    reason: 'runner_lost',
    message: `the runner ${record.runner ?? ''} stopped in the middle of the build`.replace('  ', ' '),
    remedy: 'Run the job again.',
    endedAt: Date.now(),
  };
  await redis.eval(LOSE, 2, jobKey(id), leaseKey(id), record.run, ...Object.entries(toHash(lost)).flat());
  return fromHash(await redis.hgetall(jobKey(id))) ?? { ...record, ...lost };
}

function unlessNotFound(error: unknown): undefined {
  if (error instanceof KoalaError && error.kind === 'not_found') return undefined;
  throw error;
}
