// Artifacts in a directory: their paths.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
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
 * An id as the name of a directory, of at most 255 bytes (NAME_MAX) even when every letter is escaped. `~` is in no escaped id,
 * so a name that was cut is never the whole name of another id.
 */
function segment(id: string): string {
  const escaped = escapeId(id);
  if (escaped.length <= 200) return escaped;
  return `${escaped.slice(0, 100)}~${createHash('sha256').update(id).digest('hex')}`;
}
