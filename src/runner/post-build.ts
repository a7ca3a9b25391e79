// The work after READY, in a separate process that no command waits for: saves the snapshot, starts the standby container,
// removes old snapshots.
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
  /** The commit of the snapshot; undefined when there is nothing to save. */
  commit?: string;
}

export interface PostBuildSettings {
  /** The most bytes for all snapshots together. */
  cacheLimit: number;
  /** Seconds that a standby container waits for the next build; 0 for no standby container. */
  standbySeconds: number;
  flattenAt: FlattenLimits;
  /** The branch whose snapshot the first builds of other branches start from; undefined for the branch that was built first. */
  defaultBranch: string | undefined;
  /** Where machines share their snapshots. */
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

/** Returns undefined if the log cannot be opened: with --output there may be no data directory. */
function tryOpen(file: string): number | undefined {
  try {
    return openSync(file, 'a', 0o600);
  } catch {
    return undefined;
  }
}

/** Does the work, and first what the next build needs. */
export async function postBuild(task: PostBuild, settings: PostBuildSettings): Promise<void> {
  const { sandbox, key } = task;
  const { standbySeconds, cacheLimit } = settings;
  const saved = await save(task, settings.defaultBranch);
  if (standbySeconds > 0) await startStandby(sandbox, key, standbySeconds);
  // The engine keeps the layers that the new snapshot needs.
  if (saved?.previous) await removeImage(saved.previous);
  const flattened = await flattenIfGrown(key, sandbox, settings.flattenAt);
  if (flattened && standbySeconds > 0) await startStandby(sandbox, key, standbySeconds);
  const entries = await listSnapshots(settings.readUses);
  await removeSnapshots(chooseForPruning(entries, { maxBytes: cacheLimit }, Date.now()));
  // Sharing comes last, because it may take long or fail.
  if (saved && settings.registry) await shareSnapshot(settings.registry, saved.names);
}

/** Saves the snapshot, unless there is nothing to save or the container failed to clean up. Then removes the container. */
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
