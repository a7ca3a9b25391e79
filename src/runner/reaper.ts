// Cleans up after runners that died: their containers go, their deployments end as ERROR/runner_lost.
import type { Redis } from 'ioredis';
import { containersWith, type LabelledContainer, removeContainers } from '../docker/container.js';
import { isSavingName, isStandbyName, LABEL, runnerOfName } from '../docker/names.js';
import { type JobId, parseJobId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';
import { isFinal } from '../job/status.js';
import { load, markLost, unlessNotFound } from '../store/jobs.js';
import { isDead } from './runner-id.js';

/** Nobody saves a container any more that stopped so long ago. */
const SAVING_MS = 30 * 60_000;

/**
 * Removes what dead runners of this machine left behind. Returns the deployments that they were building, where the
 * container's label tells.
 */
export async function reap(redis: Redis): Promise<JobId[]> {
  const left: LabelledContainer[] = [];
  for (const container of await containersWith(LABEL.attempt)) {
    const record = await recordOf(redis, container);
    if (isLeft(container, record, Date.now())) left.push(container);
  }
  await removeContainers(left.map(({ id }) => id));
  const lost: JobId[] = [];
  for (const { labels } of left) {
    const id = parseJobId(labels[LABEL.job] ?? '');
    if (!id) continue;
    await markLost(redis, id, labels[LABEL.attempt] ?? '');
    lost.push(id);
  }
  return lost;
}

/** Whether nobody needs a container any more. `record`: of its job, if that is known. Pure but for looking at processes. */
export function isLeft(container: LabelledContainer, record: JobRecord | undefined, now: number): boolean {
  const { name, running, finishedAt, labels } = container;
  // Nobody came while it waited.
  if (isStandbyName(name)) return !running;
  const isDone = record && isFinal(record.status) && record.attempt === labels[LABEL.attempt];
  const isRunnerDead = isDead(runnerOfName(name) ?? '');
  if (!isSavingName(name)) {
    // Also one that the engine could not remove when its build ended, since it was away.
    return isRunnerDead || (isDone === true && record?.status !== 'READY');
  }
  // Post-build has it, a process that outlives its runner. But the runner may have died before it handed it over.
  const isForgotten = finishedAt !== undefined && now - finishedAt > SAVING_MS;
  return isForgotten || (isRunnerDead && record !== undefined && !isDone);
}

async function recordOf(redis: Redis, { labels }: LabelledContainer): Promise<JobRecord | undefined> {
  const id = parseJobId(labels[LABEL.job] ?? '');
  return id && (await load(redis, id).catch(unlessNotFound));
}
