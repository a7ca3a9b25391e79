// Looks at every archive on this machine, and at the record of its deployment.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { UserId } from '../job/identity.js';
import { inBatches } from '../job/in-batches.js';
import { load, unlessNotFound } from '../store/jobs.js';
import { type JudgedArchive, judge } from './standing.js';
import { type StoredArchive, storedArchives } from './stored.js';

/** As many records are asked for at once. */
const AT_ONCE = 50;

/** All archives, the newest first; only one user's, if `user` is given. */
export async function survey(
  redis: Redis,
  artifacts: ArtifactDirectory,
  user?: UserId,
): Promise<JudgedArchive[]> {
  const stored = await storedArchives(artifacts, user);
  const judged = await inBatches(AT_ONCE, stored, (one) => judgeNow(redis, one));
  return judged.sort((a, b) => b.builtAt - a.builtAt);
}

/** Judges one, by its record as it is now. */
async function judgeNow(redis: Redis, stored: StoredArchive): Promise<JudgedArchive> {
  const record = await load(redis, stored).catch(unlessNotFound);
  return judge(stored, record, Date.now());
}
