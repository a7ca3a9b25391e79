// Cleans up after runners that died: their containers go, their deployments end as ERROR/runner_lost.
import type { Redis } from 'ioredis';
import { containersWith, removeContainers } from '../docker/container.js';
import { parseJobLabel } from '../job/identity.js';
import { lose } from '../store/jobs.js';
import { isDead } from './runner.js';

/** Removes what dead runners of this machine left behind. */
export async function sweep(redis: Redis): Promise<void> {
  const containers = await containersWith('koalaci.job');
  const left = containers.filter(({ labels }) => isDead(labels['koalaci.runner'] ?? ''));
  await removeContainers(left.map(({ name }) => name));
  for (const { labels } of left) {
    const id = parseJobLabel(labels['koalaci.job'] ?? '');
    if (id) await lose(redis, id, labels['koalaci.run'] ?? '');
  }
}
