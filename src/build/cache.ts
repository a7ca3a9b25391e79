// The store of snapshots: what is there, and what has to go.
import { type ListedImage, listImages, removeImage } from '../docker/image.js';
import type { UserId } from '../job/identity.js';

export interface CacheEntry {
  /** The image's name. */
  name: string;
  user: string;
  project: string;
  branch: string;
  /** Over the builder image; layers that two snapshots share count for both. */
  bytes: number;
  /** When a build last saved it, in milliseconds since 1970. */
  savedAt: number;
}

/** Every snapshot, of one user if named, the last used one first. */
export async function listCache(user?: UserId): Promise<CacheEntry[]> {
  const images = await listImages('koalaci.snapshot');
  const entries = images.filter(({ name }) => !name.endsWith('-default')).map(toEntry);
  const own = user === undefined ? entries : entries.filter((entry) => entry.user === user);
  return own.sort((a, b) => b.savedAt - a.savedAt);
}

/** Which snapshots have to go: those older than `maxAge` ms, then the least recently used ones over `maxBytes`. Pure. */
export function chooseForPruning(
  entries: CacheEntry[],
  limits: { maxAge?: number; maxBytes?: number },
  now: number,
): CacheEntry[] {
  let kept = 0;
  return [...entries]
    .sort((a, b) => b.savedAt - a.savedAt)
    .filter(({ savedAt, bytes }) => {
      kept += bytes;
      return (
        (limits.maxAge !== undefined && now - savedAt > limits.maxAge) ||
        (limits.maxBytes !== undefined && kept > limits.maxBytes)
      );
    });
}

/** Removes snapshots. One that a container runs from loses its name only: the engine keeps what is in use. */
export async function removeFromCache(entries: CacheEntry[]): Promise<void> {
  for (const { name } of entries) {
    await removeImage(name);
    // The name of the project's default branch, if it is the same image: it would keep the bytes.
    await removeIfSame(name);
  }
}

async function removeIfSame(name: string): Promise<void> {
  const defaultName = name.replace(/-[0-9a-f]+$/, '-default');
  const others = await listImages('koalaci.snapshot');
  const orphan = others.find((image) => image.name === defaultName);
  const hasBranch = others.some((image) => image.id === orphan?.id && image.name !== defaultName);
  if (orphan && !hasBranch) await removeImage(defaultName);
}

function toEntry({ name, labels, bytes }: ListedImage): CacheEntry {
  const read = (label: string) => decodeURIComponent(labels[label] ?? '');
  const builder = Number(labels['koalaci.builder-bytes'] ?? 0);
  return {
    name,
    user: read('koalaci.user'),
    project: read('koalaci.project'),
    branch: read('koalaci.branch'),
    bytes: Math.max(0, bytes - builder),
    savedAt: Number(labels['koalaci.saved'] ?? 0),
  };
}

/** Whether an entry is of a project, and of a branch if one is named. */
export function isOf(entry: CacheEntry, project: string, branch?: string): boolean {
  return entry.project === project && (branch === undefined || entry.branch === branch);
}
