// Artifacts in a directory: where they lie, and the manifest beside each.

import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
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

/** Writes the manifest of an artifact, whole or not at all. */
export async function writeManifest(
  file: string,
  record: Readonly<JobRecord>,
  archiveBytes: number,
): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, `${JSON.stringify(manifestOf(record, archiveBytes), null, 2)}\n`);
  await rename(partial, file);
}

function manifestOf(record: Readonly<JobRecord>, archiveBytes: number): object {
  const { artifact, deployment, project, user, branch, repo, commit, node, manager, steps, startedAt } =
    record;
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return {
    deployment_id: deployment,
    project_id: project,
    user_id: user,
    repo,
    branch,
    commit,
    archive: `${deployment}.tar.gz`,
    sha256: artifact?.sha256,
    archive_bytes: archiveBytes,
    files: artifact?.files,
    bytes: artifact?.bytes,
    versions: { node, package_manager: manager },
    started_at: iso(startedAt),
    steps: steps?.map((step) => ({
      step: step.step,
      started_at: iso(step.startedAt),
      ended_at: iso(step.endedAt),
      ...(step.skipped ? { skipped: true } : {}),
    })),
  };
}
