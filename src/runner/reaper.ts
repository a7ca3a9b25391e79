// Cleans up after runners that died: removes their containers, ends their deployments as ERROR/runner_lost.
import type { Redis } from 'ioredis';
import { containersWith, type LabelledContainer, removeContainers } from '../docker/container.js';
import { isSavingName, isStandbyName, LABEL, ownedBy, runnerOfName } from '../docker/names.js';
import { type InstallationId, type JobId, parseJobId } from '../job/identity.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { isFinal } from '../job/status.js';
import { load, markLost, unlessNotFound } from '../store/jobs.js';
import type { ArtifactDirectory } from '../upload/directory.js';
import { removePartials } from './partials.js';
import { isDead } from './runner-id.js';

/** If a container stopped, or its build ended, longer ago than this, no process is saving it any more. */
const SAVING_MS = 30 * 60_000;

/** If a container was created longer ago than this and never ran, no process is starting it any more. */
const STARTING_MS = 10 * 60_000;

/** If a container is older than this, its attempt has claimed its job, or will not: it waits for it only for a while. */
const CLAIMING_MS = STARTING_MS;

/**
 * Removes the containers that dead runners of this installation left behind on this machine. Returns the deployments that they were building, as
 * far as the containers' labels name them. `onError` hears of a container that cannot be removed now: its runner is dead all
 * the same, and so is its attempt.
 */
export async function reap(
  redis: Redis,
  installation: InstallationId,
  onError: (error: unknown) => void = () => {},
): Promise<JobId[]> {
  const left: LabelledContainer[] = [];
  for (const container of await containersWith([ownedBy(installation), LABEL.attempt])) {
    const record = await recordOf(redis, container);
    if (isLeft(container, record, Date.now())) left.push(container);
  }
  await Promise.all(left.map(({ id }) => removeContainers([id]).catch(onError)));
  const lost: JobId[] = [];
  for (const { labels } of left) {
    const id = parseJobId(labels[LABEL.job] ?? '');
    if (!id) continue;
    await markLost(redis, id, labels[LABEL.attempt] ?? '');
    lost.push(id);
  }
  return lost;
}

/** As reap(), and removes what these runners have not completed of their artifacts. */
export async function reapAll(
  redis: Redis,
  installation: InstallationId,
  artifacts: ArtifactDirectory,
  onError?: (error: unknown) => void,
): Promise<JobId[]> {
  const lost = await reap(redis, installation, onError);
  if (lost.length > 0) await removePartials(artifacts);
  return lost;
}

/** Whether a container is no longer needed. `record`: its job's, if known. Pure except that it looks at processes. */
export function isLeft(container: LabelledContainer, record: JobRecord | undefined, now: number): boolean {
  const { name, running, createdAt, finishedAt, labels } = container;
  // A standby container stops if no job comes in time. One that does not run yet is being started.
  if (isStandbyName(name)) return !running && (finishedAt !== undefined || now - createdAt > STARTING_MS);
  const isDone = record && isFinal(record.status) && record.attempt === labels[LABEL.attempt];
  const isRunnerDead = isDead(runnerOfName(name) ?? '');
  // The post-build process has it, and outlives the runner. But the runner may have died before it started that process, or the
  // process died, and left a container that does not stop by itself.
  const isSaved = isDone && record.status === 'READY';
  const { endedAt }: Partial<RecordFields> = isDone ? record : {};
  const since = finishedAt ?? endedAt;
  const isForgotten = since !== undefined && now - since > SAVING_MS;
  // Its build may have ended, or have been lost, while the engine did not answer and could not remove it.
  const isOver = isDone === true && (!isSaved || isForgotten);
  // What a build left that ended otherwise than READY, such as by the loss of its runner, is saved by nobody.
  if (isSavingName(name)) return isForgotten || isOver || (isRunnerDead && record !== undefined && !isDone);
  const isOthers = record !== undefined && record.attempt !== labels[LABEL.attempt];
  const isReplaced = isOthers && (finishedAt !== undefined || now - createdAt > CLAIMING_MS);
  return isRunnerDead || isReplaced || isOver;
}

async function recordOf(redis: Redis, { labels }: LabelledContainer): Promise<JobRecord | undefined> {
  const id = parseJobId(labels[LABEL.job] ?? '');
  return id && (await load(redis, id).catch(unlessNotFound));
}
