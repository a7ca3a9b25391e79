// What Redis knows of archives that go: their records say so from then on, and their users no longer keep them.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import type { ArtifactInfo } from '../job/record.js';
import { transitionKeys } from './keys.js';
import { runScript } from './run-script.js';
import { REMOVE_ARTIFACT } from './scripts.js';

export interface Removal {
  project: string;
  /** Of the record as it was seen; undefined if there was none. */
  attempt: string | undefined;
  /** What that record says of the archive, and in which field; undefined if it names another one. */
  described?: { field: 'artifact' | 'lastArtifact'; info: ArtifactInfo } | undefined;
  /** Whether it counts as what its user keeps. */
  isKept: boolean;
  /** In words, for its user. */
  why: string;
}

/** The fields of the hash. */
const FIELDS = { artifact: 'artifact', lastArtifact: 'last_artifact' } as const;

/**
 * Notes that the archive of a deployment is removed. To be asked before its files go: then the record never names what is
 * not there. Returns false when it has to stay, because the deployment is queued, or building, or has been since.
 */
export async function noteRemoved(redis: Redis, id: JobId, removal: Removal): Promise<boolean> {
  const { project, attempt = '', described, isKept, why } = removal;
  const { removedAt = Date.now(), removedWhy = why } = described?.info ?? {};
  const removed = described && JSON.stringify({ ...described.info, removedAt, removedWhy });
  const change = [described ? FIELDS[described.field] : '', removed ?? ''];
  const args = [attempt, ...change, id.deployment, isKept ? project : ''];
  return (await runScript(redis, REMOVE_ARTIFACT, transitionKeys(id), args)) === 1;
}
