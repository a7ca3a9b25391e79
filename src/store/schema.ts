// Which version of koalaci's data Redis has: an older koalaci does not understand what a newer one wrote.
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import { SCHEMA_KEY } from './keys.js';

/**
 * A change that the version before would misread needs a new number. What a version can still read of older ones needs none: see
 * mended() in job/record-hash.ts.
 */
export const SCHEMA_VERSION = 1;

/** The version that Redis has; 0 where no daemon has said it yet. */
export async function schemaIn(redis: Redis): Promise<number> {
  return Number((await redis.get(SCHEMA_KEY)) ?? 0);
}

/**
 * Notes that this version writes from now on.
 * @throws KoalaError `environment` where a newer one does
 */
export async function claimSchema(redis: Redis): Promise<void> {
  const found = await schemaIn(redis);
  if (found > SCHEMA_VERSION) throw newerSchema(found);
  if (found < SCHEMA_VERSION) await redis.set(SCHEMA_KEY, SCHEMA_VERSION);
}

/** The error of data that only a newer koalaci understands. */
export function newerSchema(found: number): KoalaError {
  return new KoalaError(
    'environment',
    `Redis has version ${found} of koalaci's data, and this koalaci knows ${SCHEMA_VERSION}: a newer one has used it`,
    { remedy: 'Upgrade koalaci on this machine, or restore the backup of Redis from before the upgrade.' },
  );
}
