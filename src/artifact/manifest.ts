// The manifest beside an artifact: what the artifact holds, and what it was built from.
import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { publicJson, rfc3339 } from '../job/public-json.js';
import type { RecordFields } from '../job/record.js';
import type { Hosting } from './hosting.js';
import type { Searched } from './searched.js';

/** Between what a manifest says of the whole, and the list of the archive's entries. No text in JSON has a line end in it. */
export const LIST_BEGINS = ',\n  "entries": [\n';
/** After it. */
export const LIST_ENDS = '\n  ]\n}\n';

/** What a manifest says of the form in which an artifact is kept. */
export interface Form {
  /** Whether its archive is a file. */
  hasArchive: boolean;
  /** The time of everything in its archive, in seconds since 1970: with it, the archive can be made anew. */
  archiveTime: number;
  hosting: Hosting;
  /** What it was searched for; undefined where later builds are not to go by that. */
  searched?: Searched | undefined;
}

/**
 * Writes the manifest of an artifact. Not to where it is read: it may be cut short. `list` is the file with the list of its
 * entries (listing.ts), which may be large.
 */
export async function writeManifest(
  partial: string,
  record: Readonly<RecordFields>,
  list: string,
  form: Form,
): Promise<void> {
  const whole = JSON.stringify(manifestOf(record, form), null, 2);
  await writeFile(partial, `${whole.slice(0, -'\n}'.length)}${LIST_BEGINS}`);
  await pipeline(createReadStream(list), createWriteStream(partial, { flags: 'a' }));
  await appendFile(partial, LIST_ENDS);
}

/** What a manifest says of the whole, as JSON. Times are RFC 3339. Pure. */
export function manifestOf(record: Readonly<RecordFields>, form: Form): object {
  const { artifact, deployment, project, user, branch, repo, commit, node, manager, steps } = record;
  const { createdAt, startedAt, reusedFrom } = record;
  return {
    deployment_id: deployment,
    project_id: project,
    user_id: user,
    repo,
    branch,
    commit,
    reused_from: reusedFrom,
    archive: form.hasArchive ? `${deployment}.tar.gz` : undefined,
    archive_time: form.archiveTime || 0,
    sha256: artifact?.sha256,
    digest: artifact?.digest,
    archive_bytes: artifact?.archiveBytes,
    files: artifact?.files,
    bytes: artifact?.bytes,
    hosting: form.hosting,
    searched: form.searched,
    versions: { node, package_manager: manager },
    created_at: rfc3339(createdAt),
    started_at: startedAt === undefined ? undefined : rfc3339(startedAt),
    steps: steps?.map((one) => publicJson(one)),
  };
}
