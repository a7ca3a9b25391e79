// Waits for the snapshot of the branch's previous build, if that is being saved at this moment.
import { setTimeout as delay } from 'node:timers/promises';
import { containersWith, type ListedContainer, listContainers } from '../docker/container.js';
import { isSavingName, LABEL, labelFilters, ownerLabels } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';

/** How long a build waits at most. */
const PATIENCE_MS = 30_000;
/** How often it looks: asking costs a process, and saving needs the machine too. */
const POLL_MS = 100;
/** After this long it looks whether anybody is still saving at all. */
const DOUBT_MS = 3_000;

/** The containers of a branch: those whose snapshot is being saved, and the others, such as standbys; the newest first. */
export async function branchContainers(
  key: SnapshotKey,
): Promise<{ saving: ListedContainer[]; others: ListedContainer[] }> {
  const show = [LABEL.standby, LABEL.base];
  const containers = await listContainers(labelFilters(ownerLabels(key)), show);
  // When its removal has begun, its snapshot and the standby container are there.
  const isSaving = ({ name, state }: ListedContainer) => isSavingName(name) && state !== 'removing';
  return { saving: containers.filter(isSaving), others: containers.filter((one) => !isSaving(one)) };
}

/**
 * Waits until these containers have been saved. Returns whether they have: not if it takes too long, or `signal` aborts.
 * One that stopped long ago is not waited for, as its post-build process must have died.
 */
export async function awaitSaved(
  key: SnapshotKey,
  saving: ListedContainer[],
  signal: AbortSignal,
): Promise<boolean> {
  const began = Date.now();
  let left = saving.map(({ id }) => id);
  let isInDoubt = true;
  for (;;) {
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
    const still = (await branchContainers(key)).saving.map(({ id }) => id);
    left = left.filter((id) => still.includes(id));
    if (left.length === 0) return true;
    const waited = Date.now() - began;
    if (signal.aborted || waited > PATIENCE_MS) return false;
    if (!isInDoubt || waited < DOUBT_MS) continue;
    isInDoubt = false;
    const forgotten = await forgottenOf(key);
    if (left.every((id) => forgotten.includes(id))) return false;
  }
}

/** The containers that stopped so long ago that their post-build process must have died. */
async function forgottenOf(key: SnapshotKey): Promise<string[]> {
  const since = Date.now() - PATIENCE_MS;
  const containers = await containersWith(labelFilters(ownerLabels(key)));
  return containers
    .filter(({ finishedAt }) => finishedAt !== undefined && finishedAt < since)
    .map(({ id }) => id);
}
