// The containers in which a koalaci of a test's reads repositories.
import { LABEL, ownedBy } from '../../src/docker/names.js';
import { installationId } from '../../src/settings/installation.js';
import { docker } from './docker.js';
import type { Koalaci } from './koalaci.js';

/** Removes them: they would wait for more to read. */
export async function forgetTrees({ home, redis }: Pick<Koalaci, 'home' | 'redis'>): Promise<void> {
  const filters = [LABEL.trees, ownedBy(installationId(home, redis?.url))].flatMap((label) => [
    '--filter',
    `label=${label}`,
  ]);
  const ids = (await docker('ps', '--all', '--quiet', ...filters)).split('\n').filter(Boolean);
  if (ids.length > 0) await docker('rm', '--force', ...ids);
}
