// Keeps jobs from hanging for ever: requeues the jobs of lost runners, and ends jobs that are in no queue.
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { InstallationId, JobId } from '../job/identity.js';
import { inBatches } from '../job/in-batches.js';
import { reapAll } from '../runner/reaper.js';
import { isDead } from '../runner/runner-id.js';
import { FRESH_RECORD_MS, RECONCILE_MS, RECONCILE_TURN_MS } from '../settings/timing.js';
import { markLost } from '../store/jobs.js';
import { RECONCILE_KEY } from '../store/keys.js';
import { abandon, loadQueued, unfinished } from '../store/queued.js';
import { releaseSlot } from '../store/slots.js';
import { takeTurn } from '../store/turns.js';
import { type JobsQueue, queueKeyOf, unlock } from './jobs-queue.js';
import { promoteStrays, shortenHolds, shortenStalledCheck } from './tomorrow.js';

const AT_ONCE = 50;

export interface ReconcileOptions {
  /** Where builds run: the containers of dead runners of this installation are removed too. */
  containersOf: InstallationId | undefined;
  /** Where they leave their artifacts: what dead runners have not completed is removed. */
  artifacts: ArtifactDirectory;
  queue: JobsQueue;
  signal: AbortSignal;
  log: Logger;
}

/** Reconciles again and again until the signal aborts. */
export async function keepReconciled(
  redis: Redis,
  { containersOf, artifacts, queue, signal, log }: ReconcileOptions,
): Promise<void> {
  for (;;) {
    await delay(RECONCILE_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    // What fails is tried again in the next round.
    const onError = (error: unknown) => log.warn({ err: error }, 'reconcile');
    if (containersOf) await reapMachine(redis, { containersOf, artifacts }, onError).catch(onError);
    if (!(await isMyTurn(redis).catch(() => false))) continue;
    await reconcileRecords(redis).catch(onError);
    await promoteStrays(redis, queue).catch(onError);
  }
}

/** Removes what this machine's dead runners left, and frees their jobs for the queue at once. */
export async function reapMachine(
  redis: Redis,
  { containersOf, artifacts }: { containersOf: InstallationId; artifacts: ArtifactDirectory },
  onError: (error: unknown) => void,
): Promise<void> {
  for (const id of await reapAll(redis, containersOf, artifacts, onError)) await release(redis, id);
}

/** In each round, one process of all looks at the records. */
async function isMyTurn(redis: Redis): Promise<boolean> {
  await shortenStalledCheck(redis);
  return takeTurn(redis, RECONCILE_KEY, RECONCILE_TURN_MS);
}

/** Checks every unfinished job. */
export async function reconcileRecords(redis: Redis): Promise<void> {
  await inBatches(AT_ONCE, await unfinished(redis), (id) => look(redis, id));
}

/** Loading a record already marks a lost runner's attempt. If the record then says QUEUED, the queue must hold the job. */
async function look(redis: Redis, id: JobId): Promise<void> {
  const queued = await loadQueued(redis, id);
  await shortenHolds(redis, id, queued?.queueJobId);
  if (queued?.record.status === 'BUILDING' && isDead(queued.record.runner ?? '')) {
    await markLost(redis, id, queued.record.attempt);
    await release(redis, id);
  }
  if (queued?.record.status !== 'QUEUED') return;
  await abandon(redis, id, {
    queueKey: queueKeyOf(queued.queueJobId ?? 'none'),
    createdBefore: Date.now() - FRESH_RECORD_MS,
    end: {
      status: 'ERROR',
      reason: 'runner_lost',
      message: 'the job is no longer in the queue',
      remedy: 'Run the job again.',
      endedAt: Date.now(),
    },
  });
}

/** Frees the lock and the slot of a job whose runner is known to be dead; otherwise both would have to expire. */
async function release(redis: Redis, id: JobId): Promise<void> {
  const queued = await loadQueued(redis, id);
  if (!queued?.queueJobId || queued.record.status !== 'QUEUED') return;
  await unlock(redis, queued.queueJobId);
  await releaseSlot(redis, id.user, queued.queueJobId);
}
