// The default name: the snapshot of the default branch, from which the first build of any other branch starts.
import { inspectImages, removeImage, tagImage } from '../docker/image.js';
import { defaultTag, LABEL, readLabel, snapshotTag } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';

/** Another process may save the default branch meanwhile; then the name has to follow once more. */
const TRIES = 3;

/**
 * Keeps the default name on the newest snapshot of the default branch. `head` is the branch that the remote's HEAD names;
 * if it did not say, the branch that has the name keeps it. Returns whether this key's snapshot has the default name now.
 */
export async function nameDefault(key: SnapshotKey, head: string | undefined): Promise<boolean> {
  for (let left = TRIES; left > 0; left--) {
    const branch = head ?? key.branch;
    const [current, wanted] = await inspectImages([defaultTag(key), snapshotTag({ ...key, branch })]);
    const isOfBranch = current !== undefined && readLabel(current.labels, LABEL.branch) === branch;
    if (head === undefined && !isOfBranch) return false;
    if (wanted?.id === current?.id) return wanted !== undefined && branch === key.branch;
    if (wanted) await tagImage(wanted.id, defaultTag(key));
    // The default branch has not been built yet: another one's snapshot is none of it.
    else await removeImage(defaultTag(key));
  }
  return false;
}
