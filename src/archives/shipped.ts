// The artifact of a deployment, as its record describes it; or why there is none to be had. Pure, except that it knows the name
// of this machine.
import { KoalaError } from '../job/errors.js';
import type { DeploymentId, ProjectId, UserId } from '../job/identity.js';
import { rfc3339 } from '../job/public-json.js';
import type { ArtifactInfo, JobRecord, RecordFields } from '../job/record.js';
import { hostOf, isOfThisHost } from '../runner/runner-id.js';

/** Whose artifact it is, and where it was built: as errors tell it. */
type Named = Pick<Shipped, 'deployment' | 'runner'>;

export interface Shipped {
  user: UserId;
  /** Undefined if nobody remembers. */
  project?: ProjectId;
  deployment: DeploymentId;
  info: ArtifactInfo;
  /** Who built it; undefined if nobody remembers. */
  runner: string | undefined;
}

/**
 * The artifact of a deployment that is READY, or failed only to be uploaded. Users are shown the errors, here and below: they name no path.
 * @throws KoalaError `conflict` when it is not READY, `not_found` when its artifact was removed
 */
export function shippedArtifact(record: JobRecord): Shipped {
  const { user, project, deployment, runner, artifact: info }: RecordFields = record;
  if (!info || !isBuilt(record)) throw notReady(record);
  const { removedAt, removedWhy } = info;
  if (removedAt === undefined) return { user, project, deployment, info, runner };
  throw new KoalaError(
    'not_found',
    `the artifact of deployment ${deployment} was removed at ${rfc3339(removedAt)}: ${removedWhy}`,
    { remedy: 'Run the job again.' },
  );
}

/** The error where a file is not on this machine, though the record says that it is somewhere. */
export function absentArtifact({ deployment, runner }: Named): KoalaError {
  if (isElsewhere(runner)) {
    const host = hostOf(runner ?? '');
    const where = `lies on another machine${host ? `, ${host}` : ''}`;
    return new KoalaError(
      'conflict',
      `the artifact of deployment ${deployment} ${where}: ask that one, or have it in an object store for all (KOALACI_TARGETS: "artifacts": true)`,
    );
  }
  return new KoalaError(
    'not_found',
    `the artifact of deployment ${deployment} is not there any more, and koalaci did not remove it: run the job again`,
  );
}

/** The error where what lies in its place has other bytes. On another machine than its own, that is an earlier build. */
export function otherArchive({ deployment, runner }: Named): KoalaError {
  if (isElsewhere(runner)) return absentArtifact({ deployment, runner });
  return new KoalaError(
    'conflict',
    `the artifact of deployment ${deployment} is not the one that was shipped: its files have been changed`,
    { remedy: `"koalaci artifacts verify ${deployment}" says what differs.` },
  );
}

/** Whether nothing is missing of its artifact. */
function isBuilt(record: JobRecord): boolean {
  return record.status === 'READY' || (record.status === 'ERROR' && record.reason === 'upload_failed');
}

/** Whether another machine built it. */
export function isElsewhere(runner: string | undefined): boolean {
  return runner !== undefined && !isOfThisHost(runner);
}

function notReady(record: JobRecord): KoalaError {
  const { deployment, status, reason }: RecordFields = record;
  const what = `deployment ${deployment} is ${reason ? `${status}/${reason}` : status}`;
  const isToCome = status === 'QUEUED' || status === 'BUILDING';
  return new KoalaError(
    'conflict',
    `${what}: it has an artifact ${isToCome ? 'once' : 'only if'} it is READY`,
  );
}
