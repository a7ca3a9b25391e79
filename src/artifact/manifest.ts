// The manifest beside an artifact: what the artifact holds, and what it was built from.
import { writeFile } from 'node:fs/promises';
import { publicJson, rfc3339 } from '../job/public-json.js';
import type { RecordFields } from '../job/record.js';

/** Writes the manifest of an artifact. Not to where it is read: it may be cut short. */
export async function writeManifest(partial: string, record: Readonly<RecordFields>): Promise<void> {
  await writeFile(partial, `${JSON.stringify(manifestOf(record), null, 2)}\n`);
}

/** The manifest as JSON. Times are RFC 3339. Pure. */
export function manifestOf(record: Readonly<RecordFields>): object {
  const { artifact, deployment, project, user, branch, repo, commit, node, manager, steps, startedAt } =
    record;
  return {
    deployment_id: deployment,
    project_id: project,
    user_id: user,
    repo,
    branch,
    commit,
    archive: `${deployment}.tar.gz`,
    sha256: artifact?.sha256,
    archive_bytes: artifact?.archiveBytes,
    files: artifact?.files,
    bytes: artifact?.bytes,
    versions: { node, package_manager: manager },
    started_at: startedAt === undefined ? undefined : rfc3339(startedAt),
    steps: steps?.map((one) => publicJson(one)),
  };
}
