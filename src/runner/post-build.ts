// The work after READY, in a separate process that no command waits for: saves the snapshot, starts the standby container,
// removes old snapshots.
import { constants, setPriority } from 'node:os';
import { type ListedContainer, removeContainers, waitForContainer } from '../docker/container.js';
import { type Image, layerBytes, removeImage } from '../docker/image.js';
import { defaultTag, isStandbyName, LABEL, snapshotTag } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';
import { settledWithin } from '../job/settled-within.js';
import type { Sandbox } from '../sandbox/flags.js';
import { nameDefault } from '../snapshot/default-branch.js';
import { type FlattenLimits, flatten, needsFlattening } from '../snapshot/flatten.js';
import { chooseForPruning, listSnapshots, type ReadUses, removeSnapshots } from '../snapshot/prune.js';
import { type Registry, shareSnapshot } from '../snapshot/registry.js';
import { currentSnapshot, nameNewest, type Saved, saveSnapshot } from '../snapshot/save.js';
import { handOver } from '../snapshot/snapshot.js';
import { fillStandbys, keepStandbys, limitStandbys, standbysOf, startStandby } from '../snapshot/standbys.js';
import { thisRunner } from './runner-id.js';
import { branchContainers } from './saving.js';

export interface PostBuild {
  /** The id of the build's container, which is about to stop. */
  container: string;
  /** Whether the build was brief: then others go first, because nobody waits for its snapshot. */
  isBrief: boolean;
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
  /** How long the container may clean up, in milliseconds. */
  cleanUpMs: number;
  /** Hears when nothing of the project runs any more, and the next build has what it needs. */
  onSaved: () => void;
}

/**
 * Does the work, and first what the next build needs, which may wait for it: the snapshot and its standby container. Another
 * build of the branch may be at this point too, so each part looks at what is there now.
 */
export async function postBuild(task: PostBuild, settings: PostBuildSettings): Promise<void> {
  const prepared = await prepareNext(task, settings);
  if (!prepared) return;
  const { isSaved, isDefault } = prepared;
  if (!(await isBuiltAgain(task))) await tidyUp(task, settings);
  // Who tidied up after a newer build meanwhile has left alone what was being started here.
  if (settings.standbySeconds > 0) await removeOutdatedStandbys(task.key);
  // Sharing comes last, because it may take long or fail.
  const names = [snapshotTag(task.key), ...(isDefault ? [defaultTag(task.key)] : [])];
  if (isSaved && settings.registry) await shareSnapshot(settings.registry, names);
}

interface Prepared {
  /** Whether a snapshot was saved, and whether the branch's has the default name now. */
  isSaved: boolean;
  isDefault: boolean;
}

/**
 * Saves the snapshot, unless there is nothing to save, and starts the standby container. Then removes the build's container:
 * the next build may wait for that. Returns undefined if the post-build work of a newer build does all this instead.
 */
async function prepareNext(
  task: PostBuild,
  { standbySeconds, cleanUpMs, onSaved }: PostBuildSettings,
): Promise<Prepared | undefined> {
  const { container, isBrief, sandbox, key, head, save } = task;
  const handedOver = handOver(container, sandbox.name, isBrief, thisRunner());
  try {
    const [exitCode, current] = await Promise.all([exitOf(container, cleanUpMs), currentSnapshot(key)]);
    // Not of a container that failed to clean up, nor of a build that ended before the one that is saved.
    if (save !== undefined && exitCode !== 0) tellUnsaved(task, exitCode);
    const isToSave = save !== undefined && exitCode === 0 && save.readyAt >= (current?.readyAt ?? 0);
    // A build that has begun did not wait for this one, and its own snapshot is better.
    if (isToSave && isBrief && (await isBuiltAgain(task))) return undefined;
    const snapshot = isToSave ? await saveSnapshot(container, key, save) : current?.id;
    // A build that runs did not wait for it, and will leave a newer one.
    const isAwaited = standbySeconds > 0 && (await runningBuilds(key)).length === 0;
    if (snapshot && isAwaited) await startStandby(sandbox, snapshot, standbySeconds);
    if (exitCode !== 'late') onSaved();
    // A build that has waited for that runs now, and should have the machine to itself.
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    // What the next builds start from: those of this branch, and the first one of another.
    if (isToSave) await nameNewest(key);
    return { isSaved: isToSave, isDefault: await nameDefault(key, head) };
  } finally {
    await handedOver;
    await removeContainers([container]);
    onSaved();
  }
}

/** Into the log of post-build work: nobody else sees why the next build is not as warm as it could be. */
function tellUnsaved({ sandbox }: PostBuild, exit: number | 'gone' | 'late'): void {
  const hows = { gone: 'it is gone', late: 'it took too long' };
  const how = typeof exit === 'number' ? `exit code ${exit}` : hows[exit];
  process.stderr.write(
    `koalaci: ${sandbox.name} failed to clean up after its build (${how}): no snapshot is saved\n`,
  );
}

/** Waits until a container has stopped, but not longer than that: it may have been made to hang. */
async function exitOf(container: string, mostMs: number): Promise<number | 'gone' | 'late'> {
  const exit = waitForContainer(container);
  if (!(await settledWithin(mostMs, exit))) return 'late';
  return (await exit) ?? 'gone';
}

/** Waits for the branch's builds that run now. Returns whether one of them is, or has been, saved: its post-build work does the rest. */
async function isBuiltAgain({ key, container, save }: PostBuild): Promise<boolean> {
  const running = await runningBuilds(key);
  if (running.length === 0) return false;
  await Promise.all(running.map(({ id }) => waitForContainer(id)));
  const { saving } = await branchContainers(key);
  if (saving.some(({ id }) => id !== container)) return true;
  const newest = await currentSnapshot(key);
  return save !== undefined && newest !== undefined && newest.readyAt > save.readyAt;
}

async function runningBuilds(key: SnapshotKey): Promise<ListedContainer[]> {
  const { others } = await branchContainers(key);
  return others.filter(({ name, state }) => state === 'running' && !isStandbyName(name));
}

/** Removes what the snapshot and its standby container replace, flattens it, and keeps all snapshots within their limit. */
async function tidyUp(task: PostBuild, settings: PostBuildSettings): Promise<void> {
  const { installation } = task.key;
  const newest = await removeReplaced(task);
  const flat = newest && (await flattenIfGrown(task, newest, settings));
  if (flat && settings.standbySeconds > 0)
    await fillStandbys(task.key, task.sandbox, flat.id, settings.standbySeconds);
  await limitStandbys(installation);
  const entries = await listSnapshots(installation, settings.readUses);
  const excess = chooseForPruning(entries, { maxBytes: settings.cacheLimit }, Date.now());
  await removeSnapshots(installation, excess);
}

/** Gives names and standby containers to the newest snapshots, and removes what they replace. Returns the branch's newest. */
async function removeReplaced({ key, head }: PostBuild): Promise<Image | undefined> {
  const standbys = await standbysOf(key);
  const { newest, older } = await nameNewest(key);
  await nameDefault(key, head);
  await keepStandbys(standbys, newest?.id);
  // The engine keeps the layers that newer ones need.
  for (const { id } of older) await removeImage(id);
  return newest;
}

async function removeOutdatedStandbys(key: SnapshotKey): Promise<void> {
  const standbys = await standbysOf(key);
  await keepStandbys(standbys, (await currentSnapshot(key))?.id);
}

/** Returns the branch's newest snapshot after that, which may be another one. */
async function flattenIfGrown(
  task: PostBuild,
  snapshot: Image,
  { flattenAt, standbySeconds }: PostBuildSettings,
): Promise<Image | undefined> {
  const { key, sandbox } = task;
  const builder = sandbox.labels[LABEL.builder];
  if (!builder || !needsFlattening(snapshot, await layerBytes(snapshot.id), flattenAt)) return snapshot;
  await flatten({ installation: key.installation, runner: thisRunner() }, snapshot, builder);
  const { newest } = await nameNewest(key);
  if (newest && standbySeconds > 0) await startStandby(sandbox, newest.id, standbySeconds);
  return removeReplaced(task);
}
