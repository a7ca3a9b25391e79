// What a READY build leaves to do, in a process of its own that nobody waits for: save the snapshot, start the next
// container ahead, make room.
import { spawn } from 'node:child_process';
import { removeContainers, waitForContainer } from '../docker/container.js';
import { removeImage } from '../docker/image.js';
import { startAhead } from './ahead.js';
import { chooseForPruning, listCache, removeFromCache } from './cache.js';
import type { Sandbox } from './sandbox.js';
import { type SnapshotKey, saveSnapshot } from './snapshot.js';

export interface Aftercare {
  /** The container of the build, on its way to its end. */
  container: string;
  sandbox: Sandbox;
  key: SnapshotKey;
  /** The commit to save a snapshot of; undefined when there is nothing worth saving. */
  commit?: string;
}

export interface AftercareSettings {
  /** Bytes of all snapshots. */
  cacheLimit: number;
  /** Seconds that a container waits for the next build; 0 for none. */
  standbySeconds: number;
}

/** Starts `koalaci aftercare` in the background. */
export function startAftercare(task: Aftercare): void {
  const [, program = ''] = process.argv;
  const args = [program, 'aftercare', JSON.stringify(task)];
  spawn(process.execPath, args, { detached: true, stdio: 'ignore' }).unref();
}

export async function aftercare(
  { container, sandbox, key, commit }: Aftercare,
  { cacheLimit, standbySeconds }: AftercareSettings,
): Promise<void> {
  const previous = await save(container, key, commit);
  if (standbySeconds > 0) await startAhead(sandbox, key, standbySeconds);
  // A layer of the new one now, or of nothing.
  if (previous) await removeImage(previous);
  await removeFromCache(chooseForPruning(await listCache(), { maxBytes: cacheLimit }, Date.now()));
}

/** A container that did not clear up to its end is not saved. */
async function save(
  container: string,
  key: SnapshotKey,
  commit: string | undefined,
): Promise<string | undefined> {
  try {
    const exitCode = await waitForContainer(container);
    return commit && exitCode === 0 ? await saveSnapshot(container, key, commit) : undefined;
  } finally {
    await removeContainers([container]);
  }
}
