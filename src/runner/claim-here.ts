// Claims the id of a job that no queue has.
import { KoalaError } from '../job/errors.js';
import type { RecordFields } from '../job/record.js';
import { claim, load, markLost } from '../store/jobs.js';
import type { BuildSettings } from './build.js';
import type { RequestedJob } from './job.js';
import { isDead } from './runner-id.js';

/**
 * Claims the id. If a dead runner of this machine holds it, that job ends first, without waiting for its lease to expire.
 * @throws KoalaError `conflict` when the deployment is queued or building
 */
export async function claimHere(
  { redis, retentionSeconds }: BuildSettings,
  { record, kept }: Pick<RequestedJob, 'record' | 'kept'>,
): Promise<void> {
  try {
    await claim(redis, record, retentionSeconds, kept);
  } catch (conflict) {
    if (!(conflict instanceof KoalaError && conflict.kind === 'conflict')) throw conflict;
    const { runner = '', attempt }: RecordFields = await load(redis, record);
    if (!isDead(runner)) throw conflict;
    await markLost(redis, record, attempt);
    await claim(redis, record, retentionSeconds, kept);
  }
}
