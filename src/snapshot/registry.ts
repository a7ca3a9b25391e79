// Snapshots in a registry that several boxes share: a box that never saw a project builds it warm.
import { pullImage, pushImage, removeImage, tagImage } from '../docker/image.js';

/** How long a build waits for a registry; a large snapshot takes its time, a registry that is away must not. */
const PULL_MS = 60_000;
/** After a failure a registry is left alone for so long. */
const PAUSE_MS = 30_000;

/** A registry with a path, as `KOALACI_SNAPSHOT_REGISTRY` names it: `registry.example.com:5000/koalaci`. */
export type Registry = string;

let failedAt = 0;

/**
 * Fetches the newest snapshot of the first of these names that the registry has. What is here already is not fetched
 * again. Without an answer the build has to do with what is here.
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
 * Puts a snapshot into the registry, under each of these names.
 * @throws KoalaError `environment` when the registry does not take it
 */
export async function shareSnapshot(registry: Registry, tags: string[]): Promise<void> {
  for (const tag of tags) {
    const remote = remoteName(registry, tag);
    await tagImage(tag, remote);
    try {
      await pushImage(remote);
    } finally {
      // A second name would keep the image when it is pruned.
      await removeImage(remote);
    }
  }
}

async function adopt(remote: string, tag: string): Promise<void> {
  await tagImage(remote, tag);
  await removeImage(remote);
}

function remoteName(registry: Registry, tag: string): string {
  return `${registry.replace(/\/+$/, '')}/${tag}`;
}
