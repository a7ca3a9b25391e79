// Saves a snapshot, and sees to it that the newest one of a branch has its name, whoever else saves one at the same time.
import { commitContainer, inspectImages, type ListedImage, listImages, tagImage } from '../docker/image.js';
import { LABEL, labelFilters, ownerLabels, snapshotTag } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';

/** What a snapshot is of. */
export interface Saved {
  commit: string;
  /** When its build became READY, in milliseconds since 1970: the order of a branch's snapshots. */
  readyAt: number;
}

/** The labels that a snapshot must not inherit from its container: the reaper would remove a container that a user starts. */
const NOT_INHERITED = [LABEL.job, LABEL.runner, LABEL.attempt, LABEL.standby, LABEL.base];

/** Makes a snapshot from a stopped container, under the name of its branch. Returns its id. */
export async function saveSnapshot(container: string, key: SnapshotKey, saved: Saved): Promise<string> {
  const labels = {
    ...Object.fromEntries(NOT_INHERITED.map((name) => [name, ''])),
    [LABEL.snapshot]: '1',
    [LABEL.commit]: saved.commit,
    [LABEL.saved]: String(saved.readyAt),
  };
  return commitContainer(container, labels, snapshotTag(key));
}

/** The snapshot that has the branch's name now; undefined if there is none. */
export async function currentSnapshot(
  key: SnapshotKey,
): Promise<{ id: string; readyAt: number } | undefined> {
  const [image] = await inspectImages([snapshotTag(key)]);
  return image && { id: image.id, readyAt: readyAt(image) };
}

/**
 * Gives the branch's name to its newest snapshot, and returns that one and the others, which nobody needs any more. Two
 * builds of a branch may be saved at once, and each gives the name to its own. Each looks here afterwards, also after a
 * change of its own, so whoever was last has seen all.
 */
export async function nameNewest(
  key: SnapshotKey,
): Promise<{ newest: ListedImage | undefined; older: ListedImage[] }> {
  for (;;) {
    const [newest, ...older] = newestFirst(await snapshotsOf(key));
    if (!newest || newest.names.includes(snapshotTag(key))) return { newest, older };
    await tagImage(newest.id, snapshotTag(key));
  }
}

/** Every snapshot of a branch that this installation has saved, and the one that it has pulled, which another one saved. */
async function snapshotsOf(key: SnapshotKey): Promise<ListedImage[]> {
  const { [LABEL.installation]: _, ...owner } = ownerLabels(key);
  const filters = labelFilters({ ...owner, [LABEL.snapshot]: '1' }).map((label) => `label=${label}`);
  const images = await listImages(filters);
  return images.filter(
    ({ labels, names }) =>
      labels[LABEL.installation] === key.installation || names.includes(snapshotTag(key)),
  );
}

/** The order of a branch's snapshots: by the end of their builds. A flat one replaces the one that it was made from. Pure. */
export function newestFirst<I extends Pick<ListedImage, 'labels' | 'layers'>>(images: I[]): I[] {
  return [...images].sort((a, b) => readyAt(b) - readyAt(a) || a.layers - b.layers);
}

function readyAt({ labels }: Pick<ListedImage, 'labels'>): number {
  return Number(labels[LABEL.saved] ?? 0);
}
