// Removes an archive and its manifest: first from the record, then from the disk. If koalaci dies in between, the files are left
// of which the record says that they are gone, and the next prune takes them.
import { accessSync, constants, rmSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Redis } from 'ioredis';
import { removeProof } from '../artifact/proof.js';
import { KoalaError } from '../job/errors.js';
import { noteRemoved } from '../store/artifacts.js';
import type { JudgedArchive } from './standing.js';

/**
 * Removes an archive. Returns false when it has to stay, because its deployment is queued, or building, or has been since.
 * @throws KoalaError `environment` when the files cannot be removed here
 */
export async function removeArchive(redis: Redis, archive: JudgedArchive, why: string): Promise<boolean> {
  const { paths, seen, project, attempt, described, isKept } = archive;
  refuseReadOnly(dirname(paths.archive));
  if (!(await noteRemoved(redis, archive, { project, attempt, described, isKept, why }))) return false;
  // First what was made of it: the next prune takes an archive that is left, and not what is left without one.
  if (isSame(paths.archive, seen.archive) || isSame(paths.manifest, seen.manifest)) removeProof(paths);
  removeIfSame(paths.archive, seen.archive);
  removeIfSame(paths.manifest, seen.manifest);
  return true;
}

/** Before the record says that it is gone. */
function refuseReadOnly(directory: string): void {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new KoalaError('environment', `artifacts cannot be removed from ${directory}`, {
      remedy: 'Run the command as the user who owns that directory.',
      cause,
    });
  }
}

/** Looks and removes at once: what waits here may wait until a build has put its own file there. */
function removeIfSame(path: string, seen: Stats | undefined): void {
  if (isSame(path, seen)) rmSync(path, { force: true });
}

function isSame(path: string, seen: Stats | undefined): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return (
    seen !== undefined && now?.ino === seen.ino && now.size === seen.size && now.mtimeMs === seen.mtimeMs
  );
}
