// Cleans up after runners that died: removes their containers, ends their deployments as ERROR/runner_lost.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { containersWith, type LabelledContainer, removeContainers } from '../docker/container.js';
import {
  isDetectName,
  isKeptName,
  isSavingName,
  isStandbyName,
  LABEL,
  ownedBy,
  runnerOfName,
} from '../docker/names.js';
import { type InstallationId, type JobId, parseJobId } from '../job/identity.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { isFinal } from '../job/status.js';
import { isKeptOver } from '../snapshot/kept.js';
import { load, markLost, unlessNotFound } from '../store/jobs.js';
import { removePartials } from './partials.js';
import { isDead } from './runner-id.js';

/** If a container stopped, or its build ended, longer ago than this, whoever is saving it hangs. */
const SAVING_MS = 30 * 60_000;

/** The process that saves a container takes it over after READY, once it has loaded. After this long it never will. */
const TAKE_OVER_MS = 60_000;

/** If a container was created longer ago than this and never ran, or stopped longer ago, no process is waiting for it any more. */
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

/** Removes the containers in which processes of this machine looked at a repository until they died. It needs no Redis. */
export async function reapDetections(installation: InstallationId): Promise<void> {
  const all = await containersWith([ownedBy(installation), `${LABEL.attempt}=`]);
  const left = all.filter((one) => isDetectName(one.name) && isLeft(one, undefined, Date.now()));
  await removeContainers(left.map(({ id }) => id));
}

/** Whether a container is no longer needed. `record`: its job's, if known. Pure except that it looks at processes. */
export function isLeft(container: LabelledContainer, record: JobRecord | undefined, now: number): boolean {
  const { name, running, createdAt, finishedAt, labels } = container;
  if (isKeptName(name)) return isKeptOver(container, now);
  // A standby container stops if no job comes in time. One that does not run yet is being started.
  const isIdle = !running && now - (finishedAt ?? createdAt) > STARTING_MS;
  if (isStandbyName(name)) return isIdle || (!running && finishedAt !== undefined);
  const isDone = record && isFinal(record.status) && record.attempt === labels[LABEL.attempt];
  const isRunnerDead = isDead(runnerOfName(name) ?? '');
  // The name has the runner until the post-build process puts its own into it. Either may have died.
  const { endedAt }: Partial<RecordFields> = isDone ? record : {};
  const since = isRunnerDead ? (endedAt ?? finishedAt) : (finishedAt ?? endedAt);
  const isForgotten = since !== undefined && now - since > (isRunnerDead ? TAKE_OVER_MS : SAVING_MS);
  // Its build may have ended while the engine did not answer and could not remove it, or give it another name.
  const isOver = isDone === true && (record?.status !== 'READY' || isForgotten);
  // What is saved is of a build that has ended: not by the loss of its runner, or for another attempt.
  if (isSavingName(name)) return isForgotten || isOver || (isRunnerDead && record !== undefined && !isDone);
  const isOthers = record !== undefined && record.attempt !== labels[LABEL.attempt];
  const isReplaced = isOthers && (finishedAt !== undefined || now - createdAt > CLAIMING_MS);
  // The engine may have taken so long to make it that nobody waits for it any more.
  return isRunnerDead || isIdle || isReplaced || isOver;
}

async function recordOf(redis: Redis, { labels }: LabelledContainer): Promise<JobRecord | undefined> {
  const id = parseJobId(labels[LABEL.job] ?? '');
  return id && (await load(redis, id).catch(unlessNotFound));
}
