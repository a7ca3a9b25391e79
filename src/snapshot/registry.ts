// Shares snapshots between machines through a registry: a machine's first build of a project can then be warm.
import { inspectImages, pullImage, pushImage, removeImage, tagImage } from '../docker/image.js';
import { LABEL, sharedTag } from '../docker/names.js';

/** How long a build waits for a pull: long enough for a large snapshot, not too long if the registry does not answer. */
const PULL_MS = 60_000;
/** After a failure, builds do not ask the registry for this long. */
const PAUSE_MS = 30_000;

/** A registry with a path, as in `KOALACI_SNAPSHOT_REGISTRY`: `registry.example.com:5000/koalaci`. */
export type Registry = string;

let failedAt = 0;

/**
 * Pulls the first of these names that the registry has; the engine downloads only the layers that it lacks. If the registry
 * does not answer, nothing changes, and the build uses the snapshots on this machine.
 */
export async function fetchSnapshot(registry: Registry, tags: string[]): Promise<void> {
  if (Date.now() - failedAt < PAUSE_MS) return;
  for (const tag of tags) {
    const remote = remoteName(registry, tag);
    const found = await pullImage(remote, PULL_MS);
    if (found === 'failed') failedAt = Date.now();
    if (found === 'missing') continue;
    if (found === 'there') await adopt(remote, tag);
    return;
  }
}

/**
 * Pushes a snapshot to the registry, under each of these names.
 * @throws KoalaError `environment` when the registry does not accept it
 */
export async function shareSnapshot(registry: Registry, tags: string[]): Promise<void> {
  for (const tag of tags) {
    const remote = remoteName(registry, tag);
    await tagImage(tag, remote);
    try {
      await pushImage(remote);
    } finally {
      // With this second name, pruning would not remove the image.
      await removeImage(remote);
    }
  }
}

/** Uses what was pulled, unless this machine has a newer one: then its push has failed, or is still under way. */
async function adopt(remote: string, tag: string): Promise<void> {
  const [pulled, own] = await inspectImages([remote, tag]);
  const savedAt = (image: typeof own) => Number(image?.labels[LABEL.saved] ?? 0);
  if (!own || savedAt(pulled) > savedAt(own)) await tagImage(remote, tag);
  await removeImage(remote);
}

function remoteName(registry: Registry, tag: string): string {
  return `${registry.replace(/\/+$/, '')}/${sharedTag(tag)}`;
}
