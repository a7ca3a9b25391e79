// Cleans up after runners that died: their containers go, their deployments end as ERROR/runner_lost.
import type { Redis } from 'ioredis';
import { containersWith, type LabelledContainer, removeContainers } from '../docker/container.js';
import { type JobId, parseJobLabel } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';
import { isFinal } from '../job/status.js';
import { SAVING } from '../snapshot/snapshot.js';
import { load, markLost } from '../store/jobs.js';
import { isDead, isDeadBySuffix } from './runner-id.js';
import { STANDBY } from './standby.js';

/** Removes what dead runners of this machine left behind. Returns the deployments that they were building, as far as it shows. */
export async function reap(redis: Redis): Promise<JobId[]> {
  const left: LabelledContainer[] = [];
  for (const container of await containersWith('koalaci.attempt'))
    if (await isLeft(redis, container)) left.push(container);
  await removeContainers(left.map(({ name }) => name));
  const lost: JobId[] = [];
  for (const { labels } of left) {
    const id = parseJobLabel(labels['koalaci.job'] ?? '');
    if (!id) continue;
    await markLost(redis, id, labels['koalaci.attempt'] ?? '');
    lost.push(id);
  }
  return lost;
}

async function isLeft(redis: Redis, container: LabelledContainer): Promise<boolean> {
  const { name, running, labels } = container;
  // Nobody came while it waited.
  if (name.startsWith(STANDBY)) return !running;
  const record = await recordOf(redis, labels);
  const isDone = record && isFinal(record.status) && record.attempt === labels['koalaci.attempt'];
  const isRunnerDead =
    isDead(labels['koalaci.runner'] ?? '') || isDeadBySuffix(name.replace(SAVING, 'koalaci-'));
  // In the hands of a process that outlives its runner; but the runner may have died before.
  if (name.startsWith(SAVING))
    return LONG_AGO.test(container.status) || (isRunnerDead && record !== undefined && !isDone);
  // The engine was away when it should have been removed.
  return isRunnerDead || (isDone === true && record?.status !== 'READY');
}

/** Ended so long ago that nobody saves it any more: half an hour at least, in the engine's words. */
const LONG_AGO = /^Exited .*((3\d|[4-9]\d) minutes|hours?|days|weeks|months|years) ago/i;

async function recordOf(redis: Redis, labels: Record<string, string>): Promise<JobRecord | undefined> {
  const id = parseJobLabel(labels['koalaci.job'] ?? '');
  return id && (await load(redis, id).catch(() => undefined));
}
