// Cleans up after runners that died: their containers go, their deployments end as ERROR/runner_lost.
import type { Redis } from 'ioredis';
import { containersWith, type LabelledContainer, removeContainers } from '../docker/container.js';
import { parseJobLabel } from '../job/identity.js';
import { lose } from '../store/jobs.js';
import { WAITING } from './ahead.js';
import { isDead, isDeadBySuffix } from './runner.js';
import { SAVING } from './snapshot.js';

/** Removes what dead runners of this machine left behind. */
export async function sweep(redis: Redis): Promise<void> {
  const left = (await containersWith('koalaci.run')).filter(isLeft);
  await removeContainers(left.map(({ name }) => name));
  for (const { labels } of left) {
    const id = parseJobLabel(labels['koalaci.job'] ?? '');
    if (id) await lose(redis, id, labels['koalaci.run'] ?? '');
  }
}

function isLeft({ name, running, labels }: LabelledContainer): boolean {
  // In the hands of a process that outlives its runner.
  if (name.startsWith(SAVING)) return false;
  // Nobody came while it waited.
  if (name.startsWith(WAITING)) return !running;
  return isDead(labels['koalaci.runner'] ?? '') || isDeadBySuffix(name);
}
