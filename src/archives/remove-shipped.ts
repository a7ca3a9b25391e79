// Removes the artifact of a deployment because its user wants that.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { KoalaError } from '../job/errors.js';
import type { JobId } from '../job/identity.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import { findRemovable } from './find.js';
import { removeArchive } from './remove.js';
import { removeStored } from './remove-stored.js';

export interface Removed {
  /** Of the archive. */
  bytes: number;
  /** Why not all copies elsewhere could be removed. */
  failure?: unknown;
}

/**
 * Removes it here, and its copies in the stores for all machines. `how`: by which the record will say that it was removed.
 * @throws KoalaError `not_found`; `conflict` while it is served, or its deployment is queued or building
 */
export async function removeShipped(
  redis: Redis,
  {
    artifacts,
    openTargets,
  }: { artifacts: ArtifactDirectory; openTargets: () => Promise<readonly ConfiguredTarget[]> },
  id: JobId,
  how: string,
): Promise<Removed> {
  const { deployment } = id;
  const archive = await findRemovable(redis, artifacts, id);
  if (archive.isReleased) {
    throw new KoalaError('conflict', `deployment ${deployment} is served, or kept as a release`, {
      remedy: `"koalaci releases ${archive.project}" says where. It can be removed once newer ones have taken its place.`,
    });
  }
  if (!(await removeArchive(redis, archive, how))) {
    throw new KoalaError('conflict', `deployment ${deployment} is queued or building`, {
      remedy: `Wait for it, or stop it with "koalaci cancel ${deployment}".`,
    });
  }
  const failure = await removeStored(openTargets, [archive]);
  return { bytes: archive.bytes, ...(failure === undefined ? {} : { failure }) };
}
