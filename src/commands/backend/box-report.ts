// A page about a deployment, as commands on this machine ask for it: with its paths.
import type { Readable } from 'node:stream';
import type { Redis } from 'ioredis';
import type { JobId } from '../../job/identity.js';
import { openReport } from '../../report/report.js';
import { load } from '../../store/jobs.js';
import { anywhereOf } from '../anywhere.js';
import type { Session } from '../session.js';

/** The page, which is read from Redis as it is read here. */
export async function reportHere(session: Session, redis: Redis, id: JobId): Promise<Readable> {
  return openReport(await load(redis, id), { redis, artifacts: anywhereOf(session), showsPlaces: true });
}
