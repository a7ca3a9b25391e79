// Waits for the snapshot of the branch's previous build, if that is being saved at this moment.
import { containersWith, type ListedContainer, listContainers } from '../docker/container.js';
import { type ContainerEvent, ContainerEvents } from '../docker/events.js';
import { isKeptName, isSavingName, LABEL, labelFilters, ownerLabels } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';
import { isWaiting } from '../snapshot/standbys.js';

/** How long a build waits at most. */
const PATIENCE_MS = 30_000;
/** How often it looks even if the engine tells nothing: asking costs a process, and saving needs the machine too. */
const POLL_MS = 500;
/** After this long it looks whether anybody is still saving at all. */
const DOUBT_MS = 3_000;

/** The containers of a branch: those whose snapshot is being saved, and the others, such as standbys; the newest first. */
export interface BranchContainers {
  saving: ListedContainer[];
  others: ListedContainer[];
}

/** The containers that a branch has now. */
export async function branchContainers(key: SnapshotKey): Promise<BranchContainers> {
  const show = [LABEL.standby, LABEL.base];
  const all = await listContainers(labelFilters(ownerLabels(key)), show);
  const containers = all.filter(({ name }) => !name.split(',').some(isKeptName));
  // When its removal has begun, its snapshot and the standby container are there.
  // While it is renamed, the engine lists it by both names.
  const isSaving = ({ name, state }: ListedContainer) =>
    name.split(',').some(isSavingName) && state !== 'removing';
  return { saving: containers.filter(isSaving), others: containers.filter((one) => !isSaving(one)) };
}

/**
 * Waits until the containers that `seen` has as being saved have been saved. Returns whether they have, and what `look` saw
 * last. They have not if it takes too long, or `signal` aborts. One that stopped long ago is not waited for, as its post-build
 * process must have died.
 */
export async function awaitSaved<Seen extends BranchContainers>(
  key: SnapshotKey,
  seen: Seen,
  { look, signal }: { look: () => Promise<Seen>; signal: AbortSignal },
): Promise<{ isSaved: boolean; seen: Seen }> {
  const began = performance.now();
  const { saving, others: before } = seen;
  let left = saving.map(({ id }) => id);
  let created: string[] = [];
  let isInDoubt = true;
  using told = new ContainerEvents(labelFilters(ownerLabels(key)), signal);
  for (;;) {
    const events = await told.next(POLL_MS);
    const started = withStarted(seen, events, created);
    created = events.filter(({ action }) => action === 'create').map(({ id }) => id);
    seen = started ?? (await look());
    left = left.filter((id) => seen.saving.some((one) => one.id === id));
    // Each of them is followed by a standby container at most, which is there a moment before it goes.
    if (newStandbys(before, seen.others).length >= saving.length) return { isSaved: true, seen };
    // Without one, the snapshot may have got its name between the looks at it and at the containers.
    if (left.length === 0) return { isSaved: true, seen: await look() };
    const waited = performance.now() - began;
    if (signal.aborted || waited > PATIENCE_MS) return { isSaved: false, seen };
    if (!isInDoubt || waited < DOUBT_MS) continue;
    isInDoubt = false;
    const forgotten = await forgottenOf(key);
    if (left.every((id) => forgotten.includes(id))) return { isSaved: false, seen };
  }
}

/**
 * What was seen, with the containers that have started since: another look would only cost the build's time. Undefined if
 * anything else has happened, or one of them was not `created` when that look began: then it may have missed its snapshot. Pure.
 */
export function withStarted<Seen extends BranchContainers>(
  seen: Seen,
  events: ContainerEvent[],
  created: string[],
): Seen | undefined {
  const isFollowed = ({ action, id }: ContainerEvent) => action === 'start' && created.includes(id);
  if (events.length === 0 || !events.every(isFollowed)) return undefined;
  const hasStarted = (id: string) => events.some((one) => one.id === id);
  return {
    ...seen,
    others: seen.others.map((one) => (hasStarted(one.id) ? { ...one, state: 'running' } : one)),
  };
}

/** The standby containers that run now and did not run before: one may have been there already, and not have started. Pure. */
export function newStandbys(before: ListedContainer[], now: ListedContainer[]): ListedContainer[] {
  const known = new Set(before.filter(({ state }) => state === 'running').map(({ id }) => id));
  return now.filter((one) => isWaiting(one) && !known.has(one.id));
}

/** The containers that stopped so long ago that their post-build process must have died. */
async function forgottenOf(key: SnapshotKey): Promise<string[]> {
  const since = Date.now() - PATIENCE_MS;
  const containers = await containersWith(labelFilters(ownerLabels(key)));
  return containers
    .filter(({ finishedAt }) => finishedAt !== undefined && finishedAt < since)
    .map(({ id }) => id);
}
