// Cleans up after runners that died: their containers go, their deployments end as ERROR/runner_lost.
import type { Redis } from 'ioredis';
import { containersWith, removeContainers } from '../docker/container.js';
import { type JobId, parseJobLabel } from '../job/identity.js';
import { lose } from '../store/jobs.js';
import { isDead } from './runner.js';
import { SAVING } from './snapshot.js';

/** Removes what dead runners of this machine left behind. Returns the deployments that they were building. */
export async function sweep(redis: Redis): Promise<JobId[]> {
  const containers = await containersWith('koalaci.job');
  // One that is being saved is in the hands of a process that outlives its runner.
  const left = containers.filter(
    ({ name, labels }) => isDead(labels['koalaci.runner'] ?? '') && !name.startsWith(SAVING),
  );
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
