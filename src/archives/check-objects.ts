// Compares objects with what a manifest lists: whether they are there, and have the content that their names say.
import { rm } from 'node:fs/promises';
import { entryKey, type ListedEntry } from '../artifact/listing.js';
import { objectPathOf } from '../artifact/objects.js';
import { fileSha256 } from '../artifact/sha256.js';
import { inBatches } from '../job/in-batches.js';
import { type Difference, differences } from './differences.js';

/** As many are read at once. */
const AT_ONCE = 16;

/**
 * The entries whose objects are missing or damaged. A damaged one loses its name, so that the next build that has its content
 * stores it anew; who has a hard link of it keeps that.
 * @param directory the objects of its user
 * @param whole paths of objects that need no second look; it gets more of them
 */
export async function objectDifferences(
  directory: string,
  entries: ListedEntry[],
  whole = new Set<string>(),
): Promise<Difference[]> {
  const pathOf = objectPathOf(directory);
  const found = await inBatches(
    AT_ONCE,
    entries.filter((entry) => entry.type === 'file' && !whole.has(pathOf(entry))),
    async (entry) => {
      const store = await contentAt(pathOf(entry));
      if (store === entry.sha256) whole.add(pathOf(entry));
      else if (store !== 'missing') await rm(pathOf(entry), { force: true });
      return differences({ manifest: { content: entry.sha256 }, store: { content: store } }, entryKey(entry));
    },
  );
  return found.flat();
}

/** The sha256 of a file. */
async function contentAt(path: string): Promise<string> {
  try {
    return await fileSha256(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
}
