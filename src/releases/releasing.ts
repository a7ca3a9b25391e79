// What is needed to release a deployment: Redis, and what lies on this machine.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { KoalaError } from '../job/errors.js';
import type { DeploymentId } from '../job/identity.js';
import type { RecordFields } from '../job/record.js';
import { load } from '../store/jobs.js';
import { readRelease } from '../upload/release.js';
import type { Release, ReleaseOwner } from '../upload/target.js';
import type { Candidate } from './project-releases.js';

export interface Releasing {
  redis: Redis;
  artifacts: ArtifactDirectory;
  /** How long the record of a deployment stays that is not kept as a release any more. */
  retentionSeconds: number;
}

/**
 * The release of a deployment that was served before.
 * @throws KoalaError `not_found` when its artifact is not here, or has been replaced
 */
export async function earlierRelease(
  { redis, artifacts }: Releasing,
  { user, deployment, digest }: ReleaseOwner & Candidate,
): Promise<Release> {
  const record: RecordFields = await load(redis, { user, deployment: deployment as DeploymentId });
  const info = [record.artifact, record.lastArtifact].find((one) => one?.digest === digest);
  const release = info && (await readRelease(info.manifest, artifacts));
  if (release?.digest === digest) return release;
  throw new KoalaError('not_found', `the artifact of deployment ${deployment} that was served is not here`);
}
