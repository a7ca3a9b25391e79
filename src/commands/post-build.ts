// koalaci aftercare: what a build leaves to do when it has ended. Not for people.
import { type Aftercare, aftercare as take } from '../runner/post-build.js';
import {
  cacheLimit,
  defaultBranch,
  flattenAt,
  snapshotRegistry,
  snapshotUses,
  standbySeconds,
} from './session.js';

export async function aftercare(task: string): Promise<void> {
  // Written by startAftercare() of this very program.
  await take(JSON.parse(task) as Aftercare, {
    cacheLimit: cacheLimit(),
    standbySeconds: standbySeconds(),
    flattenAt: { layers: flattenAt() },
    defaultBranch: defaultBranch(),
    registry: snapshotRegistry(),
    // Without Redis the time of saving has to do.
    readUses: (names) => snapshotUses(names).catch(() => new Map()),
  });
}
