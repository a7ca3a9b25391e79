// koalaci post-build: what a build leaves to do when it has ended. Not for people.
import { type PostBuild, postBuild as run } from '../runner/post-build.js';
import {
  cacheLimit,
  defaultBranch,
  flattenAt,
  snapshotRegistry,
  snapshotUses,
  standbySeconds,
} from './session.js';

export async function postBuild(task: string): Promise<void> {
  // Written by startPostBuild() of this very program.
  await run(JSON.parse(task) as PostBuild, {
    cacheLimit: cacheLimit(),
    standbySeconds: standbySeconds(),
    flattenAt: { layers: flattenAt() },
    defaultBranch: defaultBranch(),
    registry: snapshotRegistry(),
    // Without Redis the time of saving has to do.
    readUses: (names) => snapshotUses(names).catch(() => new Map()),
  });
}
