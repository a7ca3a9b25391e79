// All that Redis knows of deployments, of every user: for who checks whether it is true.
import type { Redis } from 'ioredis';
import { type JobId, parseJobId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';
import { fromHash } from '../job/record-hash.js';
import { JOB_PREFIX, jobKey, LOG_PREFIX } from './keys.js';

/** As many keys are asked for at once. */
const AT_ONCE = 500;

/** Every record that can be read, as it stands. */
export async function* allRecords(redis: Redis): AsyncGenerator<JobRecord> {
  for await (const id of idsOf(redis, JOB_PREFIX)) {
    const record = fromHash(await redis.hgetall(jobKey(id)));
    if (record) yield record;
  }
}

/** The deployments that have a log and no record. Such a log is of no use. */
export async function* logsAlone(redis: Redis): AsyncGenerator<JobId> {
  for await (const id of idsOf(redis, LOG_PREFIX)) if ((await redis.exists(jobKey(id))) === 0) yield id;
}

async function* idsOf(redis: Redis, prefix: string): AsyncGenerator<JobId> {
  const pages = redis.scanStream({ match: `${prefix}*`, count: AT_ONCE });
  for await (const keys of pages as AsyncIterable<string[]>)
    for (const key of keys) {
      const id = parseJobId(key.slice(prefix.length));
      if (id) yield id;
    }
}
