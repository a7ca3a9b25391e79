// How an archive on this machine stands to the record of its deployment. Pure, except that it knows the name of this machine.
import { identityOf } from '../artifact/identity.js';
import type { ManifestHead } from '../artifact/manifest-file.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { isFinal } from '../job/status.js';
import { isOfThisHost } from '../runner/runner-id.js';
import type { Removal } from '../store/artifacts.js';
import type { StoredArchive } from './stored.js';

/**
 * `held`: its deployment is queued or building, or about to be. `garbage`: its removal was begun, or only its manifest is left.
 * `ready`: of a deployment that is, or was, READY. `other`: of one that ended otherwise, or nobody knows of what.
 */
export type Standing = 'held' | 'garbage' | 'ready' | 'other';

export interface JudgedArchive extends StoredArchive {
  standing: Standing;
  branch: string | undefined;
  /** What the record says, as it was seen. */
  attempt: string | undefined;
  described: Removal['described'];
  /** Whether it is served, or kept to be served again. */
  isReleased: boolean;
  /** Whether its user keeps this one: where the deployment was built anew elsewhere, that one counts under its name. */
  isKept: boolean;
}

/** One that is this young and has no manifest may get it at this moment. */
const YOUNG_MS = 3_600_000;

/** Judges an archive by its deployment's record; undefined if that has expired. */
export function judge(stored: StoredArchive, record: JobRecord | undefined, now: number): JudgedArchive {
  const described = record && describedIn(record, stored);
  return {
    ...stored,
    standing: standingOf(stored, { record, described, now }),
    branch: stored.head?.branch ?? (described ? record?.branch : undefined),
    attempt: record?.attempt,
    described,
    isReleased: described !== undefined && hasReleases(record),
    isKept: described !== undefined || record?.project !== stored.project,
  };
}

function hasReleases(record: RecordFields | undefined): boolean {
  return (record?.releases ?? []).length > 0;
}

/** What a record says of this very archive: another machine may have one of the same name, or the same bytes. */
function describedIn(record: RecordFields, { paths, head, seen }: StoredArchive): Removal['described'] {
  const { artifact, lastArtifact, runner } = record;
  const isHere = runner === undefined || isOfThisHost(runner);
  for (const [field, info] of Object.entries({ ...(isHere && artifact ? { artifact } : {}), lastArtifact })) {
    if (!info || info.path !== paths.archive) continue;
    const isIt = head ? identityOf(head) === identityOf(info) : info.archiveBytes === seen.archive?.size;
    if (isIt) return { field: field as 'artifact' | 'lastArtifact', info };
  }
  return undefined;
}

/** Whether its archive is no file, but made when somebody asks for it. */
function isMadeOnDemand(head: ManifestHead | undefined): boolean {
  return head?.digest !== undefined && head.archive === undefined;
}

function standingOf(
  { head, seen, builtAt }: StoredArchive,
  known: { record: JobRecord | undefined; described: Removal['described']; now: number },
): Standing {
  const { record, described, now } = known;
  if (record && !isFinal(record.status)) return 'held';
  if ((!seen.archive && !isMadeOnDemand(head)) || described?.info.removedAt !== undefined) return 'garbage';
  if (described) return record?.status === 'READY' || described.field === 'lastArtifact' ? 'ready' : 'other';
  // Its record has expired, or is of the next deployment under its id.
  if (head) return 'ready';
  return now - builtAt < YOUNG_MS ? 'held' : 'other';
}
