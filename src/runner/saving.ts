// Waits for the snapshot of the branch's previous build, if that is being saved at this moment.
import { setTimeout as delay } from 'node:timers/promises';
import { containersWith, type ListedContainer, listContainers } from '../docker/container.js';
import { isSavingName, LABEL, labelFilters, ownerLabels } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';

/** How long a build waits at most. */
const PATIENCE_MS = 30_000;
/** How often it looks: asking costs a process, and saving needs the machine too. */
const POLL_MS = 100;

/** The containers of a branch: those whose snapshot is being saved, and those that wait for a job, the newest first. */
export async function branchContainers(
  key: SnapshotKey,
): Promise<{ saving: ListedContainer[]; others: ListedContainer[] }> {
  const show = [LABEL.standby, LABEL.base];
  const containers = await listContainers(labelFilters(ownerLabels(key)), show);
  const isSaving = ({ name }: ListedContainer) => isSavingName(name);
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
  const deadline = Date.now() + PATIENCE_MS;
  const forgotten = await forgottenOf(key);
  let left = names(saving).filter((name) => !forgotten.includes(name));
  while (left.length > 0) {
    if (signal.aborted || Date.now() > deadline) return false;
    await delay(POLL_MS, undefined, { signal }).catch(() => {});
    const now = names((await branchContainers(key)).saving);
    left = left.filter((name) => now.includes(name));
  }
  return names(saving).every((name) => !forgotten.includes(name));
}

async function forgottenOf(key: SnapshotKey): Promise<string[]> {
  const containers = await containersWith(labelFilters(ownerLabels(key)));
  const since = Date.now() - PATIENCE_MS;
  return names(containers.filter(({ finishedAt }) => finishedAt !== undefined && finishedAt < since));
}

function names(containers: { name: string }[]): string[] {
  return containers.map(({ name }) => name);
}
