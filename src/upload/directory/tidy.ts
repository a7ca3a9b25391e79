// Removes the releases that are neither served nor kept, and what uploads have left that were killed.
import { readdir, readlink, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hiddenName, releasesPath } from './layout.js';

/** An upload that began so long ago and is not complete is nobody's any more. */
const ABANDONED_MS = 86_400_000;

/** Removes the releases of a project that have none of these names, and to which no link leads: at once from sight. */
export async function removeReleases(project: string, kept: ReadonlySet<string>): Promise<void> {
  const releases = releasesPath(project);
  const served = new Set(await servedIn(project));
  for (const name of await namesIn(releases)) {
    if (name.startsWith('.')) {
      if (await isAbandoned(join(releases, name))) removeTree(join(releases, name));
    } else if (!kept.has(name) && !served.has(name)) {
      // At once, or half of it would be taken for a release.
      const hidden = join(releases, hiddenName());
      await rename(join(releases, name), hidden);
      removeTree(hidden);
    }
  }
}

/** The names of the releases that are served, as the disk has it. */
async function servedIn(project: string): Promise<string[]> {
  const branches = (await namesIn(join(project, 'branches'))).map((slug) => join(project, 'branches', slug));
  const links = [project, ...branches].map((place) =>
    readlink(join(place, 'current')).catch(() => undefined),
  );
  return (await Promise.all(links)).flatMap((target) => (target === undefined ? [] : [basename(target)]));
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function isAbandoned(path: string): Promise<boolean> {
  const { mtimeMs = Date.now() } = (await stat(path).catch(() => undefined)) ?? {};
  return Date.now() - mtimeMs > ABANDONED_MS;
}

/** Nobody waits for that: a release of many files takes a second. What stays is removed as abandoned. */
function removeTree(path: string): void {
  void rm(path, { recursive: true, force: true }).catch(() => {});
}
