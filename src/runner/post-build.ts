// The work after READY, in a separate process that no command waits for: saves the snapshot, starts the standby container,
// removes old snapshots.
import { constants, setPriority } from 'node:os';
import { removeContainers, waitForContainer } from '../docker/container.js';
import { type Image, layerBytes, removeImage } from '../docker/image.js';
import { defaultTag, LABEL, snapshotTag } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';
import type { Sandbox } from '../sandbox/flags.js';
import { nameDefault } from '../snapshot/default-branch.js';
import { type FlattenLimits, flatten, needsFlattening } from '../snapshot/flatten.js';
import { chooseForPruning, listSnapshots, type ReadUses, removeSnapshots } from '../snapshot/prune.js';
import { type Registry, shareSnapshot } from '../snapshot/registry.js';
import { currentSnapshot, nameNewest, type Saved, saveSnapshot } from '../snapshot/save.js';
import { keepOneStandby, limitStandbys, standbysOf } from '../snapshot/standbys.js';
import { startStandby } from './standby.js';

export interface PostBuild {
  /** The build's container, which is about to stop. */
  container: string;
  sandbox: Sandbox;
  key: SnapshotKey;
  /** What the snapshot is of; undefined when there is nothing to save. */
  save?: Saved;
  /** The branch that the remote's HEAD names; undefined if it did not say, or the job names the default branch itself. */
  head?: string;
}

export interface PostBuildSettings {
  /** The most bytes for all snapshots together. */
  cacheLimit: number;
  /** Seconds that a standby container waits for the next build; 0 for no standby container. */
  standbySeconds: number;
  flattenAt: FlattenLimits;
  /** Where machines share their snapshots. */
  registry: Registry | undefined;
  readUses: ReadUses;
}

/**
 * Does the work, and first what the next build needs, which may wait for it: the snapshot and its standby container. Another
 * build of the branch may be at this point too, so each part looks at what is there now.
 */
export async function postBuild(task: PostBuild, settings: PostBuildSettings): Promise<void> {
  const { installation } = task.key;
  const isSaved = await prepareNext(task, settings);
  // A build that has waited for that runs now.
  setPriority(constants.priority.PRIORITY_LOW);
  const { newest, isDefault } = await tidy(task);
  if (newest) await flattenIfGrown(task, newest, settings);
  const entries = await listSnapshots(installation, settings.readUses);
  const excess = chooseForPruning(entries, { maxBytes: settings.cacheLimit }, Date.now());
  await removeSnapshots(installation, excess);
  // Sharing comes last, because it may take long or fail.
  const names = [snapshotTag(task.key), ...(isDefault ? [defaultTag(task.key)] : [])];
  if (isSaved && settings.registry) await shareSnapshot(settings.registry, names);
}

/**
 * Saves the snapshot, unless there is nothing to save, and starts the standby container. Then removes the build's container:
 * the next build may wait for that. Returns whether it has saved anything.
 */
async function prepareNext(task: PostBuild, { standbySeconds }: PostBuildSettings): Promise<boolean> {
  const { container, key, head, save } = task;
  try {
    const [exitCode, current] = await Promise.all([waitForContainer(container), currentSnapshot(key)]);
    // Not of a container that failed to clean up, nor of a build that ended before the one that is saved.
    if (save !== undefined && exitCode !== 0) tellUnsaved(container, exitCode);
    const isToSave = save !== undefined && exitCode === 0 && save.readyAt >= (current?.readyAt ?? 0);
    const snapshot = isToSave ? await saveSnapshot(container, key, save) : current?.id;
    if (snapshot && standbySeconds > 0) await startStandby(task.sandbox, snapshot, standbySeconds);
    // The first build of another branch starts from what has this name.
    await nameDefault(key, head);
    return isToSave;
  } finally {
    await removeContainers([container]);
  }
}

/** Into the log of post-build work: nobody else sees why the next build is not as warm as it could be. */
function tellUnsaved(container: string, exitCode: number | undefined): void {
  const how = exitCode === undefined ? 'it is gone' : `exit code ${exitCode}`;
  process.stderr.write(
    `koalaci: ${container} failed to clean up after its build (${how}): no snapshot is saved\n`,
  );
}

/** Gives names and standby containers to the newest snapshots, and removes what they replace. */
async function tidy({ key, head }: PostBuild): Promise<{ newest: Image | undefined; isDefault: boolean }> {
  const standbys = await standbysOf(key);
  const { newest, older } = await nameNewest(key);
  const isDefault = await nameDefault(key, head);
  await keepOneStandby(standbys, newest?.id);
  await limitStandbys(key.installation);
  // The engine keeps the layers that newer ones need.
  for (const { id } of older) await removeImage(id);
  return { newest, isDefault };
}

async function flattenIfGrown(task: PostBuild, snapshot: Image, settings: PostBuildSettings): Promise<void> {
  const { key, sandbox } = task;
  const builder = sandbox.labels[LABEL.builder];
  if (!builder || !needsFlattening(snapshot, await layerBytes(snapshot.id), settings.flattenAt)) return;
  await flatten(key.installation, snapshot, builder);
  const { newest } = await nameNewest(key);
  if (newest && settings.standbySeconds > 0) await startStandby(sandbox, newest.id, settings.standbySeconds);
  await tidy(task);
}
