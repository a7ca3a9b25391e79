// koalaci post-build: what a build leaves to do when it has ended. Not for people.
import { type PostBuild, postBuild as run } from '../runner/post-build.js';
import { snapshotUses } from './redis.js';
import { openSession } from './session.js';

export async function postBuild(task: string): Promise<void> {
  const session = openSession();
  const { cacheLimit, standbySeconds, snapshotLayers, defaultBranch, snapshotRegistry } = session.settings;
  // Written by startPostBuild() of this very program.
  await run(JSON.parse(task) as PostBuild, {
    cacheLimit,
    standbySeconds,
    flattenAt: { layers: snapshotLayers },
    defaultBranch,
    registry: snapshotRegistry,
    // Without Redis the time of saving has to do.
    readUses: (names) => snapshotUses(session, names).catch(() => new Map()),
  });
}
