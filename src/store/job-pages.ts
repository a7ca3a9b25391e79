// Lists deployments page by page, the newest first: of one user or of all, and only those that fit a filter.
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import { type DeploymentId, formatJobId, type JobId, parseJobId, type UserId } from '../job/identity.js';
import { fits, type JobFilter } from '../job/job-filter.js';
import type { JobRecord } from '../job/record.js';
import { load, unlessNotFound } from './jobs.js';
import { INDEX_PREFIX, indexKey } from './keys.js';

export interface JobPage {
  records: JobRecord[];
  /** Where the next page begins; undefined if there is none. */
  next?: string;
}

export interface PageQuestion {
  filter: JobFilter;
  limit: number;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

/** A deployment's place in the list. */
interface Place {
  id: JobId;
  createdAt: number;
}

/** As many are read at once, */
const AT_ONCE = 50;
/** and for one page: what fits may be rare. The page is shorter then, and has a next one. */
const MOST_READ = 5_000;

/**
 * A page of a user's deployments, or of all users'.
 * @throws KoalaError `bad_input` for a cursor that no page has had
 */
export async function readPage(
  redis: Redis,
  whose: UserId | 'all',
  { filter, limit, cursor }: PageQuestion,
): Promise<JobPage> {
  const users = whose === 'all' ? await usersOf(redis) : [whose];
  const after = cursor === undefined ? undefined : placeAt(cursor);
  const records: JobRecord[] = [];
  let [read, last]: [number, Place | undefined] = [0, undefined];
  for await (const places of inGroups(newestFirst(redis, users, after), Math.min(AT_ONCE, limit + 1))) {
    const found = await Promise.all(places.map(({ id }) => load(redis, id).catch(unlessNotFound)));
    for (const [index, record] of found.entries()) {
      if (record && fits(record, filter)) {
        if (records.length === limit && last) return { records, next: cursorAt(last) };
        records.push(record);
      }
      if (records.length < limit || record === records.at(-1)) last = places[index];
    }
    read += places.length;
    if (read >= MOST_READ && last) return { records, next: cursorAt(last) };
  }
  return { records };
}

async function usersOf(redis: Redis): Promise<UserId[]> {
  const users = new Set<string>();
  const pages = redis.scanStream({ match: `${INDEX_PREFIX}*`, count: 1_000 });
  for await (const keys of pages as AsyncIterable<string[]>)
    for (const key of keys) users.add(decodeURIComponent(key.slice(INDEX_PREFIX.length)));
  return [...users] as UserId[];
}

/** The places of all these users after a place. */
async function* newestFirst(redis: Redis, users: UserId[], after: Place | undefined): AsyncGenerator<Place> {
  const heads: { place: Place; rest: AsyncGenerator<Place> }[] = [];
  const add = async (rest: AsyncGenerator<Place>) => {
    const { value } = await rest.next();
    if (value) heads.push({ place: value, rest });
  };
  await Promise.all(users.map((user) => add(placesOf(redis, user, after))));
  for (;;) {
    heads.sort((a, b) => (isAfter(a.place, b.place) ? 1 : -1));
    const newest = heads.shift();
    if (!newest) return;
    yield newest.place;
    await add(newest.rest);
  }
}

async function* placesOf(redis: Redis, user: UserId, after: Place | undefined): AsyncGenerator<Place> {
  let most: number | '+inf' = after?.createdAt ?? '+inf';
  // How many with that time are known already.
  let skip = 0;
  for (;;) {
    const range = [most, '-inf', 'WITHSCORES', 'LIMIT', skip, AT_ONCE] as const;
    const found = pairsOf(await redis.zrevrangebyscore(indexKey(user), ...range));
    for (const [deployment, createdAt] of found) {
      skip = createdAt === most ? skip + 1 : 1;
      most = createdAt;
      const place = { id: { user, deployment: deployment as DeploymentId }, createdAt };
      if (!after || isAfter(place, after)) yield place;
    }
    if (found.length < AT_ONCE) return;
  }
}

/** Whether a place comes later in the list than another one. */
function isAfter(a: Place, b: Place): boolean {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt;
  return nameOf(a) < nameOf(b);
}

/** By bytes, as Redis sorts what has the same time. */
function nameOf({ id: { user, deployment } }: Place): string {
  return Buffer.from(`${deployment}\0${user}`).toString('latin1');
}

function pairsOf(flat: string[]): [string, number][] {
  return flat.flatMap((name, at): [string, number][] => (at % 2 === 0 ? [[name, Number(flat[at + 1])]] : []));
}

function cursorAt({ id, createdAt }: Place): string {
  return Buffer.from(`${createdAt} ${formatJobId(id)}`).toString('base64url');
}

function placeAt(cursor: string): Place {
  const [, createdAt, id] = /^(\d{1,16}) (.+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const named = idIn(id ?? '');
  if (named) return { id: named, createdAt: Number(createdAt) };
  throw new KoalaError('bad_input', 'cursor: must be the one that came with the page before', {
    remedy: 'Leave it out for the newest.',
  });
}

function idIn(text: string): JobId | undefined {
  try {
    return parseJobId(text);
  } catch {
    return undefined;
  }
}

async function* inGroups<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const one of all) {
    if (group.push(one) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
