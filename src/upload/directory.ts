// Artifacts in a directory: where they lie.
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KoalaError, messageOf } from '../job/errors.js';
import { escapeId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';

/** Where artifacts go: `<user>/<project>/` below the directory, or, when it is flat, the directory itself. */
export interface ArtifactDirectory {
  directory: string;
  flat: boolean;
}

/** The paths of a deployment's archive and manifest. */
export function artifactPaths(
  { directory, flat }: ArtifactDirectory,
  record: Readonly<JobRecord>,
): { archive: string; manifest: string } {
  const place = flat ? directory : join(directory, segment(record.user), segment(record.project));
  return {
    archive: join(place, `${record.deployment}.tar.gz`),
    manifest: join(place, `${record.deployment}.json`),
  };
}

/**
 * Makes a directory that can be written, before anything is built for it.
 * @throws KoalaError `bad_input` that says what is in the way
 */
export function prepareDirectory(directory: string): void {
  try {
    makeDirectory(directory);
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new KoalaError('bad_input', `artifacts cannot be written to ${directory}: ${messageOf(cause)}`, {
      remedy: 'Name another directory with --output or KOALACI_HOME, or make this one writable.',
      cause,
    });
  }
}

/** Level by level: the recursive mkdir of Node.js never returns where the kernel refuses with ENOENT, as below /proc. */
export function makeDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(directory) !== directory) makeDirectory(dirname(directory));
  try {
    mkdirSync(directory);
  } catch (error) {
    // Another build may have made it just now.
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** An id as the name of a directory: at most 255 bytes (NAME_MAX), also where every letter is escaped. */
function segment(id: string): string {
  const escaped = escapeId(id);
  if (escaped.length <= 200) return escaped;
  return `${escaped.slice(0, 100)}-${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
