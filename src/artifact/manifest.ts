// The manifest beside an artifact: what the artifact holds, and what it was built from.
import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { publicJson, rfc3339 } from '../job/public-json.js';
import type { RecordFields } from '../job/record.js';

/** Between what a manifest says of the whole, and the list of the archive's entries. No text in JSON has a line end in it. */
export const LIST_BEGINS = ',\n  "entries": [\n';

/**
 * Writes the manifest of an artifact. Not to where it is read: it may be cut short. `list` is the file with the list of its
 * entries (listing.ts), which may be large.
 */
export async function writeManifest(
  partial: string,
  record: Readonly<RecordFields>,
  list: string,
): Promise<void> {
  const whole = JSON.stringify(manifestOf(record), null, 2);
  await writeFile(partial, `${whole.slice(0, -'\n}'.length)}${LIST_BEGINS}`);
  await pipeline(createReadStream(list), createWriteStream(partial, { flags: 'a' }));
  await appendFile(partial, '\n  ]\n}\n');
}

/** What a manifest says of the whole, as JSON. Times are RFC 3339. Pure. */
export function manifestOf(record: Readonly<RecordFields>): object {
  const { artifact, deployment, project, user, branch, repo, commit, node, manager, steps } = record;
  const { createdAt, startedAt } = record;
  return {
    deployment_id: deployment,
    project_id: project,
    user_id: user,
    repo,
    branch,
    commit,
    archive: `${deployment}.tar.gz`,
    sha256: artifact?.sha256,
    digest: artifact?.digest,
    archive_bytes: artifact?.archiveBytes,
    files: artifact?.files,
    bytes: artifact?.bytes,
    versions: { node, package_manager: manager },
    created_at: rfc3339(createdAt),
    started_at: startedAt === undefined ? undefined : rfc3339(startedAt),
    steps: steps?.map((one) => publicJson(one)),
  };
}
