// koalaci post-build: does the work that is left after a build has ended. koalaci starts it; users do not.
import { text } from 'node:stream/consumers';
import { type PostBuild, postBuild as run } from '../runner/post-build.js';
import { snapshotUses } from './redis.js';
import { openSession } from './session.js';

/** Reads the task from stdin. None comes if the build has not become READY. */
export async function postBuild(): Promise<void> {
  const task = await text(process.stdin);
  if (task === '') return;
  const session = openSession();
  const { cacheLimit, standbySeconds, snapshotLayers, snapshotRegistry, postBuildMs } = session.settings;
  // Not validated: a PostBuildProcess of this installation wrote it.
  await run(JSON.parse(task) as PostBuild, {
    cacheLimit,
    standbySeconds,
    cleanUpMs: postBuildMs,
    flattenAt: { layers: snapshotLayers },
    registry: snapshotRegistry,
    // Without Redis, the time when a snapshot was saved counts as its last use.
    // Whoever started this process sees its output end.
    onSaved: () => process.stdout.end(),
    readUses: (names) => snapshotUses(session, names).catch(() => new Map()),
  });
}
