// The standby containers of an installation: which there are, and which of them go. One waits on a branch's newest snapshot, so that
// the next build does not wait for the engine.
import { type ListedContainer, listContainers, removeContainers, runDetached } from '../docker/container.js';
import { unless } from '../docker/errors.js';
import { isStandbyName, LABEL, labelFilters, ownedBy, ownerLabels, standbyName } from '../docker/names.js';
import type { InstallationId, SnapshotKey } from '../job/identity.js';
import { compatibilityKey, type Sandbox, sandboxArgs } from '../sandbox/flags.js';

/** A branch's: the second one is for a build that comes while the one that took the first is being saved. */
const STANDBYS = 2;
/** An installation's. Each costs a few megabytes and a network address. */
const MOST_STANDBYS = 8;

/**
 * Starts a standby container on a snapshot (an image's id), with the sandbox of the last build. It waits `seconds` for a job.
 * Does nothing if the snapshot is gone: then a newer one has replaced it, with a standby container of its own.
 */
export async function startStandby(sandbox: Sandbox, snapshot: string, seconds: number): Promise<void> {
  const labels = {
    ...sandbox.labels,
    [LABEL.standby]: compatibilityKey(sandbox),
    [LABEL.base]: snapshot,
  };
  const name = standbyName(sandbox.labels[LABEL.installation] as InstallationId);
  const standby = { ...sandbox, name, image: snapshot, labels, job: '', runner: '', attempt: '' };
  await runDetached(sandboxArgs({ ...standby, waits: seconds })).catch(unless('image_missing'));
}

/** Starts standby containers on a branch's newest snapshot until it has all. */
export async function fillStandbys(
  key: SnapshotKey,
  sandbox: Sandbox,
  newest: string,
  seconds: number,
): Promise<void> {
  const waiting = (await standbysOf(key)).filter(
    (one) => one.labels[LABEL.base] === newest && !isStopped(one),
  );
  for (let missing = STANDBYS - waiting.length; missing > 0; missing--)
    await startStandby(sandbox, newest, seconds);
}

/** Whether a container is a standby container that runs. Pure. */
export function isWaiting({ name, state }: ListedContainer): boolean {
  return isStandbyName(name) && state === 'running';
}

/** Removes the standby containers of snapshots. */
export async function removeStandbysOf(installation: InstallationId, snapshots: Set<string>): Promise<void> {
  const standbys = await listStandbys([ownedBy(installation)]);
  await remove(standbys.filter(({ labels }) => snapshots.has(labels[LABEL.base] ?? '')));
}

/** A branch's standby containers, the newest first. */
export function standbysOf(key: SnapshotKey): Promise<ListedContainer[]> {
  return listStandbys(labelFilters(ownerLabels(key)));
}

/** Leaves the installation a few standby containers, the newest ones. */
export async function limitStandbys(installation: InstallationId): Promise<void> {
  await remove((await listStandbys([ownedBy(installation)])).slice(MOST_STANDBYS));
}

/**
 * Removes a branch's standby containers, but for those that it has on its newest snapshot. `standbys` were listed before the newest
 * snapshot was looked for: one that another process starts on a still newer one is then not among them.
 */
export async function keepStandbys(standbys: ListedContainer[], newest: string | undefined): Promise<void> {
  await remove(superfluous(standbys, newest));
}

/** All but the first ones on the newest snapshot. One that is being started is left to whoever starts it. Pure. */
export function superfluous(standbys: ListedContainer[], newest: string | undefined): ListedContainer[] {
  const fitting = standbys.filter((one) => !isStopped(one) && one.labels[LABEL.base] === newest);
  const kept = fitting.slice(0, STANDBYS);
  return standbys.filter((one) => !kept.includes(one) && one.state !== 'created');
}

function isStopped({ state }: ListedContainer): boolean {
  return state !== 'created' && state !== 'running';
}

/** By name: a build that claims one at this moment gives it another. */
async function remove(standbys: ListedContainer[]): Promise<void> {
  await removeContainers(standbys.map(({ name }) => name));
}

/** The newest first. */
async function listStandbys(labels: string[]): Promise<ListedContainer[]> {
  const containers = await listContainers([...labels, LABEL.standby], [LABEL.base]);
  return containers.filter(({ name }) => isStandbyName(name));
}
