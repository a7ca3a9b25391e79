// Artifacts in a directory: where they lie, and the manifest beside each.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  const place = flat ? directory : join(directory, escapeId(record.user), escapeId(record.project));
  return {
    archive: join(place, `${record.deployment}.tar.gz`),
    manifest: join(place, `${record.deployment}.json`),
  };
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
