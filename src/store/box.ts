// What goes on on all machines of this Redis: what waits, what runs, and what ended last; of one user, or of all.
import type { Redis } from 'ioredis';
import type { DeploymentId, UserId } from '../job/identity.js';
import {
  type BuildingRecord,
  type EndedRecord,
  hasEnded,
  type JobRecord,
  type QueuedRecord,
} from '../job/record.js';
import { load, unlessNotFound } from './jobs.js';
import { indexKey } from './keys.js';
import { placesOf } from './queue-place.js';
import { unfinished } from './queued.js';

/** Before the user's name in the key of what they have. */
const INDEX = indexKey('' as UserId);
const AT_ONCE = 500;
/** Of each user, so many of the newest deployments are looked at for those that ended last. */
const LOOKED_AT = 20;
/** As many that have ended are of interest. */
const MOST_ENDED = 20;

export interface Box {
  building: BuildingRecord[];
  /** In the order of their places, which each has unless a worker looks at it just now. */
  queued: QueuedRecord[];
  /** The newest first. */
  ended: EndedRecord[];
}

/** Looks at the box, with the eyes of one user or of the operator. */
export async function lookAtBox(redis: Redis, whose: UserId | 'all', mostEnded = MOST_ENDED): Promise<Box> {
  const [open, ended] = await Promise.all([openRecords(redis), endedRecords(redis, whose)]);
  const isTheirs = ({ user }: { user: UserId }) => whose === 'all' || user === whose;
  const building = open.filter((record) => record.status === 'BUILDING');
  const queued = open.filter((record) => record.status === 'QUEUED').filter(isTheirs);
  return {
    building: building.filter(isTheirs).sort((one, other) => one.startedAt - other.startedAt),
    queued: await inPlace(redis, queued),
    ended: ended.sort((one, other) => other.endedAt - one.endedAt).slice(0, mostEnded),
  };
}

/** With a place or without one: who has none is looked at, and so the next. */
async function inPlace(redis: Redis, queued: QueuedRecord[]): Promise<QueuedRecord[]> {
  const places = await placesOf(redis, queued);
  const placed = queued.map((record, index) => {
    const place = places[index];
    return place === undefined ? record : { ...record, place };
  });
  return placed.sort(
    (one, other) => (one.place ?? 0) - (other.place ?? 0) || one.createdAt - other.createdAt,
  );
}

async function openRecords(redis: Redis): Promise<JobRecord[]> {
  const ids = await unfinished(redis);
  const records = await Promise.all(ids.map((id) => load(redis, id).catch(unlessNotFound)));
  return records.filter((record) => record !== undefined);
}

async function endedRecords(redis: Redis, whose: UserId | 'all'): Promise<EndedRecord[]> {
  const users = whose === 'all' ? await usersOf(redis) : [whose];
  const records = await Promise.all(
    users.map(async (user) => {
      const ids = await redis.zrevrange(indexKey(user), 0, LOOKED_AT - 1);
      const found = ids.map((deployment) =>
        load(redis, { user, deployment: deployment as DeploymentId }).catch(unlessNotFound),
      );
      return Promise.all(found);
    }),
  );
  return records.flat().filter((record) => record !== undefined && hasEnded(record)) as EndedRecord[];
}

async function usersOf(redis: Redis): Promise<UserId[]> {
  const users: UserId[] = [];
  const pages = redis.scanStream({ match: `${INDEX}*`, count: AT_ONCE });
  for await (const keys of pages as AsyncIterable<string[]>)
    users.push(...keys.map((key) => decodeURIComponent(key.slice(INDEX.length)) as UserId));
  return [...new Set(users)];
}
