// Where a job stands in the queue, and whether anybody takes jobs from it. Reads what BullMQ keeps, without loading BullMQ.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';
import { jobKey, parkedKey, QUEUE_PREFIX } from './keys.js';

const QUEUE = `${QUEUE_PREFIX}:jobs`;
/** How BullMQ calls the connections of workers: the name of the queue is in base64. */
const WORKER = `name=${QUEUE_PREFIX}:${Buffer.from('jobs').toString('base64')}`;
/** The answer is the same for all, and long where there are many connections. */
const WORKERS_MS = 2_000;

/** The record, and where it stands if it is queued. */
export async function withPlace(redis: Redis, record: JobRecord): Promise<JobRecord> {
  if (record.status !== 'QUEUED') return record;
  const [place, workers] = await Promise.all([placeOf(redis, record), countWorkers(redis)]);
  return {
    ...record,
    ...(place === undefined ? {} : { place }),
    ...(workers === undefined ? {} : { workers }),
  };
}

/**
 * The same for many: the place of each, as withPlace() has it. It reads the queue once, and each record's name there.
 */
export async function placesOf(redis: Redis, ids: readonly JobId[]): Promise<(number | undefined)[]> {
  const [waiting, prioritized, names] = await Promise.all([
    redis.lrange(`${QUEUE}:wait`, 0, -1),
    redis.zrange(`${QUEUE}:prioritized`, '0', '-1'),
    Promise.all(ids.map((id) => redis.hget(jobKey(id), '_queue_job_id'))),
  ]);
  const order = [...waiting.reverse(), ...prioritized].map((name, index) => [name, index + 1] as const);
  const known = new Map<string, number>(order);
  return Promise.all(
    ids.map(async (id, index) => {
      const name = names[index] ?? '';
      return known.get(name) ?? parkedPlace(await redis.zrank(parkedKey(id.user), name));
    }),
  );
}

/** Undefined while a worker looks at it. */
async function placeOf(redis: Redis, id: JobId): Promise<number | undefined> {
  const queueJobId = await redis.hget(jobKey(id), '_queue_job_id');
  if (queueJobId === null) return undefined;
  const [rank, waiting, inWait, parked] = await Promise.all([
    redis.zrank(`${QUEUE}:prioritized`, queueJobId),
    redis.llen(`${QUEUE}:wait`),
    redis.lpos(`${QUEUE}:wait`, queueJobId),
    redis.zrank(parkedKey(id.user), queueJobId),
  ]);
  // Workers take from the right end of that list, and from the other one when it is empty.
  if (inWait !== null) return waiting - Number(inWait);
  if (rank !== null) return waiting + Number(rank) + 1;
  return parkedPlace(parked);
}

/** Of one that waits for its user's own builds: its place among those that do. */
function parkedPlace(rank: string | number | null): number | undefined {
  return rank === null ? undefined : Number(rank) + 1;
}

const counted = new WeakMap<Redis, { at: number; workers: Promise<number | undefined> }>();

/** Undefined where Redis does not say who is connected. */
function countWorkers(redis: Redis): Promise<number | undefined> {
  const known = counted.get(redis);
  if (known && performance.now() - known.at < WORKERS_MS) return known.workers;
  const workers = redis.client('LIST').then(
    (list) => String(list).split('\n').filter(isWorker).length,
    () => undefined,
  );
  counted.set(redis, { at: performance.now(), workers });
  return workers;
}

function isWorker(line: string): boolean {
  return line.split(' ').includes(WORKER);
}
