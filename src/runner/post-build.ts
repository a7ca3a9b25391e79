// The work after READY, in a process of its own that nobody waits for: saves the snapshot, starts the next container
// ahead, makes room.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { removeContainers, waitForContainer } from '../docker/container.js';
import { inspectImages, removeImage } from '../docker/image.js';
import { defaultTag, LABEL, snapshotTag } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';
import type { Sandbox } from '../sandbox/flags.js';
import { type FlattenLimits, flatten, needsFlattening } from '../snapshot/flatten.js';
import { chooseForPruning, listSnapshots, type ReadUses, removeSnapshots } from '../snapshot/prune.js';
import { type Registry, shareSnapshot } from '../snapshot/registry.js';
import { saveSnapshot } from '../snapshot/snapshot.js';
import { startStandby } from './standby.js';

export interface PostBuild {
  /** The build's container, which is about to stop. */
  container: string;
  sandbox: Sandbox;
  key: SnapshotKey;
  /** The commit of the snapshot; undefined when nothing is worth saving. */
  commit?: string;
}

export interface PostBuildSettings {
  /** The most bytes for all snapshots together. */
  cacheLimit: number;
  /** Seconds that a container waits for the next build; 0 for none. */
  standbySeconds: number;
  flattenAt: FlattenLimits;
  /** The branch that other branches' first builds start from; undefined for the first one that was built. */
  defaultBranch: string | undefined;
  /** Where snapshots are shared with other boxes. */
  registry: Registry | undefined;
  readUses: ReadUses;
}

/** Starts `koalaci post-build` in the background. It writes errors to `logFile`. */
export function startPostBuild(task: PostBuild, logFile: string): void {
  const [, program = ''] = process.argv;
  const args = [program, 'post-build', JSON.stringify(task)];
  const log = tryOpen(logFile);
  spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'ignore', log ?? 'ignore'] }).unref();
  if (log !== undefined) closeSync(log);
}

/** With --output there may be no data directory, and so no log. */
function tryOpen(file: string): number | undefined {
  try {
    return openSync(file, 'a', 0o600);
  } catch {
    return undefined;
  }
}

/** Does the work; what the next build waits for comes first. */
export async function postBuild(task: PostBuild, settings: PostBuildSettings): Promise<void> {
  const { sandbox, key } = task;
  const { standbySeconds, cacheLimit } = settings;
  const saved = await save(task, settings.defaultBranch);
  if (standbySeconds > 0) await startStandby(sandbox, key, standbySeconds);
  // The new snapshot keeps its layers as far as it needs them.
  if (saved?.previous) await removeImage(saved.previous);
  const flattened = await flattenIfGrown(key, sandbox, settings.flattenAt);
  if (flattened && standbySeconds > 0) await startStandby(sandbox, key, standbySeconds);
  const entries = await listSnapshots(settings.readUses);
  await removeSnapshots(chooseForPruning(entries, { maxBytes: cacheLimit }, Date.now()));
  // Last, since it may take long or fail.
  if (saved && settings.registry) await shareSnapshot(settings.registry, saved.names);
}

/** Saves the container, unless it failed to clean up. */
async function save(
  { container, key, commit }: PostBuild,
  defaultBranch: string | undefined,
): Promise<Awaited<ReturnType<typeof saveSnapshot>> | undefined> {
  try {
    const exitCode = await waitForContainer(container);
    return commit && exitCode === 0
      ? await saveSnapshot(container, { ...key, commit, defaultBranch })
      : undefined;
  } finally {
    await removeContainers([container]);
  }
}

async function flattenIfGrown(key: SnapshotKey, sandbox: Sandbox, limits: FlattenLimits): Promise<boolean> {
  const tags = [snapshotTag(key), defaultTag(key)];
  const [snapshot] = await inspectImages(tags);
  const builder = sandbox.labels[LABEL.builder];
  if (!snapshot || !builder || !needsFlattening(snapshot, limits)) return false;
  await flatten(tags, snapshot, builder);
  return true;
}
