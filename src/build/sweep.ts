// Cleans up after runners that died: their containers go, their deployments end as ERROR/runner_lost.
import type { Redis } from 'ioredis';
import { containersWith, type LabelledContainer, removeContainers } from '../docker/container.js';
import { type JobId, parseJobLabel } from '../job/identity.js';
import { lose } from '../store/jobs.js';
import { WAITING } from './ahead.js';
import { isDead, isDeadBySuffix } from './runner.js';
import { SAVING } from './snapshot.js';

/** Removes what dead runners of this machine left behind. Returns the deployments that they were building, as far as it shows. */
export async function sweep(redis: Redis): Promise<JobId[]> {
  const left = (await containersWith('koalaci.run')).filter(isLeft);
  await removeContainers(left.map(({ name }) => name));
  const lost: JobId[] = [];
  for (const { labels } of left) {
    const id = parseJobLabel(labels['koalaci.job'] ?? '');
    if (!id) continue;
    await lose(redis, id, labels['koalaci.run'] ?? '');
    lost.push(id);
  }
  return lost;
}

/** Ended so long ago that nobody saves it any more: half an hour at least, in the engine's words. */
const LONG_AGO = /^Exited .*((3\d|[4-9]\d) minutes|hours?|days|weeks|months|years) ago/i;

function isLeft({ name, running, status, labels }: LabelledContainer): boolean {
  // In the hands of a process that outlives its runner, but may be killed too.
  if (name.startsWith(SAVING)) return LONG_AGO.test(status);
  // Nobody came while it waited.
  if (name.startsWith(WAITING)) return !running;
  return isDead(labels['koalaci.runner'] ?? '') || isDeadBySuffix(name);
}
