// koalaci post-build: does the work that is left after a build has ended. koalaci starts it; users do not.
import { type PostBuild, postBuild as run } from '../runner/post-build.js';
import { snapshotUses } from './redis.js';
import { openSession } from './session.js';

export async function postBuild(task: string): Promise<void> {
  const session = openSession();
  const { cacheLimit, standbySeconds, snapshotLayers, snapshotRegistry } = session.settings;
  // Not validated: startPostBuild() of this installation wrote it.
  await run(JSON.parse(task) as PostBuild, {
    cacheLimit,
    standbySeconds,
    flattenAt: { layers: snapshotLayers },
    registry: snapshotRegistry,
    // Without Redis, the time when a snapshot was saved counts as its last use.
    readUses: (names) => snapshotUses(session, names).catch(() => new Map()),
  });
}
