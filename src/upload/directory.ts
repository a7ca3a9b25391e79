// Artifacts in a directory: their paths, and the directory itself.
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KoalaError, messageOf } from '../job/errors.js';
import { escapeId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';

/** The directory for artifacts. They go to `<user>/<project>/` below it, or when it is flat, into it. */
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
 * Makes a directory and checks that it can be written, before a build needs it.
 * @throws KoalaError `bad_input` that says why it cannot
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

/** Makes a directory level by level: Node's recursive mkdir never returns where the kernel says ENOENT, as below /proc. */
export function makeDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(directory) !== directory) makeDirectory(dirname(directory));
  try {
    mkdirSync(directory);
  } catch (error) {
    // Another build may have made it meanwhile.
    if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** An id as the name of a directory, of at most 255 bytes (NAME_MAX) even when every letter is escaped. */
function segment(id: string): string {
  const escaped = escapeId(id);
  if (escaped.length <= 200) return escaped;
  return `${escaped.slice(0, 100)}-${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
