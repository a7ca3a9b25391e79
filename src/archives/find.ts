// Finds the artifact that somebody names by its deployment: by the record or, once that has expired, by what lies on this machine.
import { dirname } from 'node:path';
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { JobId } from '../job/identity.js';
import type { ArtifactInfo, JobRecord, RecordFields } from '../job/record.js';
import { load, unlessNotFound } from '../store/jobs.js';
import { absentArtifact, type Shipped, shippedArtifact } from './shipped.js';
import { type JudgedArchive, judge } from './standing.js';
import { type StoredArchive, storedAt } from './stored.js';
import { survey } from './survey.js';

export interface Found extends Shipped {
  /** Undefined once it has expired. */
  record: JobRecord | undefined;
}

/**
 * The artifact of a deployment of this user.
 * @throws KoalaError `not_found`, `conflict`
 */
export async function findShipped(redis: Redis, artifacts: ArtifactDirectory, id: JobId): Promise<Found> {
  const record = await load(redis, id).catch(unlessNotFound);
  if (!record) {
    const infos = (await storedOf(redis, artifacts, id)).flatMap((one) => infoOf(one) ?? []);
    if (infos[0]) return { ...id, info: infos[0], runner: undefined, record };
  }
  return { ...shippedArtifact(record ?? (await load(redis, id))), record };
}

/**
 * The files of a deployment of this user that may be removed: those that its record names, or else the newest under its id.
 * @throws KoalaError `not_found`, `conflict`
 */
export async function findRemovable(
  redis: Redis,
  artifacts: ArtifactDirectory,
  id: JobId,
): Promise<JudgedArchive> {
  const record: RecordFields | undefined = await load(redis, id).catch(unlessNotFound);
  const info = [record?.artifact, record?.lastArtifact].find((one) => one && one.removedAt === undefined);
  if (record && info) {
    const named = await namedBy(record as JobRecord, info);
    if (named.described) return named;
    throw absentArtifact({ deployment: id.deployment, runner: record.runner });
  }
  const [newest] = await storedOf(redis, artifacts, id);
  if (newest) return newest;
  throw absentArtifact(shippedArtifact(await load(redis, id)));
}

/** What a record names, which may lie in a directory of its own (`--output`). */
async function namedBy(record: JobRecord, { path, manifest }: ArtifactInfo): Promise<JudgedArchive> {
  const place = { directory: dirname(path), flat: true };
  const stored = await storedAt(place, { archive: path, manifest });
  const { user, project, deployment } = record;
  return judge({ ...stored, user, project, deployment }, record, Date.now());
}

/** All archives under the id of a deployment, of whatever project, the newest first. */
async function storedOf(
  redis: Redis,
  artifacts: ArtifactDirectory,
  { user, deployment }: JobId,
): Promise<JudgedArchive[]> {
  const all = await survey(redis, artifacts, user);
  return all.filter((one) => one.deployment === deployment && one.standing !== 'garbage');
}

/** What a record would say of an archive, from its manifest. */
export function infoOf({ head, paths, seen }: StoredArchive): ArtifactInfo | undefined {
  if (!head) return undefined;
  const { files, bytes, sha256, digest, archive_bytes: archiveBytes = seen.archive?.size } = head;
  const info = {
    ...{ path: paths.archive, manifest: paths.manifest, files, bytes },
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(archiveBytes === undefined ? {} : { archiveBytes }),
  };
  if (digest === undefined) return info;
  return { ...info, digest, ...(head.archive === undefined ? { madeOnDemand: true } : {}) };
}
