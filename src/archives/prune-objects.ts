// Removes the objects that no manifest of their user lists any more. What was stored or found in the last hour stays: its build may
// be about to publish.
import { linkSync, rmSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OBJECT_NAME, TIMES, timePath } from '../artifact/objects.js';
import { type ArtifactDirectory, objectPlaces } from '../artifact/paths.js';
import { inBatches } from '../job/in-batches.js';
import { hasSha256, listedObjects } from './listed-objects.js';

/** Longer than any build takes from its first object to its manifest (artifact/objects.ts notes those that it finds). */
export const OBJECT_AGE_MS = 3_600_000;
/** As many are looked at at once. */
const AT_ONCE = 64;

/** How many objects, and how many bytes on disk: a content that a release still has as a hard link frees none. */
export interface ObjectSum {
  objects: number;
  bytes: number;
}

export interface PruneObjectsOptions {
  artifacts: ArtifactDirectory;
  /** Only counts. */
  dryRun: boolean;
  /** How long ago an object was last needed. */
  ageMs: number;
}

/** Removes them, of every user. Of a user with a manifest that cannot be read, none. Returns what went, and the first failure. */
export async function pruneObjects(options: PruneObjectsOptions): Promise<ObjectSum & { failure?: unknown }> {
  const sum: ObjectSum & { failure?: unknown } = { objects: 0, bytes: 0 };
  for (const directory of await objectPlaces(options.artifacts)) {
    try {
      await pruneUser(directory, options, sum);
    } catch (error) {
      sum.failure ??= error;
    }
  }
  return sum;
}

async function pruneUser(
  directory: string,
  { artifacts, dryRun, ageMs }: PruneObjectsOptions,
  sum: ObjectSum,
): Promise<void> {
  const listed = await listedObjects(artifacts, basename(directory));
  for (const place of await readdir(directory)) {
    const names = await readdir(join(directory, place)).catch(() => []);
    const objects = names.filter(
      (name) => OBJECT_NAME.test(place + name) && !hasSha256(listed, place + name),
    );
    await inBatches(AT_ONCE, objects, async (name) => {
      const path = join(directory, place, name);
      const found = await stat(path).catch(() => undefined);
      if (!found || Date.now() - found.ctimeMs < ageMs) return;
      if (!dryRun && !removeUnlessNeeded(directory, path, ageMs)) return;
      sum.objects++;
      if (found.nlink <= 2) sum.bytes += found.size;
    });
  }
  if (!dryRun) await removeLeftTimes(join(directory, TIMES), ageMs);
}

/**
 * Removes an object. A build may find it and note that at this very moment: then its other time says so, and it gets its name
 * back. Returns whether it is gone.
 */
function removeUnlessNeeded(directory: string, path: string, ageMs: number): boolean {
  const before = statSync(path, { throwIfNoEntry: false });
  if (!before || Date.now() - before.ctimeMs < ageMs) return false;
  const second = timePath(directory, before);
  rmSync(path, { force: true });
  const after = statSync(second, { throwIfNoEntry: false });
  if (after?.ino !== before.ino) return true;
  if (after.atimeMs > before.atimeMs) {
    putBack(second, path);
    return false;
  }
  // A release that has it keeps its time from others.
  if (after.nlink === 1) rmSync(second, { force: true });
  return true;
}

function putBack(second: string, path: string): void {
  try {
    linkSync(second, path);
  } catch (error) {
    // Another build has stored the content anew.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Second names without a first one: of builds and prunes that were killed, and of releases that have gone. */
async function removeLeftTimes(directory: string, ageMs: number): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  await inBatches(AT_ONCE, names, async (name) => {
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.nlink === 1 && Date.now() - found.ctimeMs >= ageMs) rmSync(path, { force: true });
  });
}
