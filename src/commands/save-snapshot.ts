// koalaci save-snapshot: what a build leaves to do when it has ended. Not for people.
import { chooseForPruning, listCache, removeFromCache } from '../build/cache.js';
import { saveSnapshot } from '../build/snapshot.js';
import { cacheLimit } from './context.js';

export async function saveSnapshotOf(container: string, commit: string): Promise<void> {
  await saveSnapshot(container, commit);
  await removeFromCache(chooseForPruning(await listCache(), { maxBytes: cacheLimit() }, Date.now()));
}
