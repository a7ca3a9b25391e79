// What Redis knows of builds that later jobs may reuse. An entry is written once, after READY, and is never overwritten: nobody who gets
// the same key later can put another artifact in its place.
import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { ProjectId, UserId } from '../job/identity.js';
import { ArtifactInfo } from '../job/record.js';
import { reuseCountKey, reuseKey, reuseLatestKey, reuseOffKey, reuseReadsKey } from './keys.js';
import { runScript } from './run-script.js';

/** A READY build, and its artifact. */
export const ReuseEntry = z.object({
  deployment: z.string(),
  /** What the record says of it. */
  commit: z.string(),
  node: z.string().optional(),
  manager: z.string().optional(),
  refusedScripts: z.array(z.string()).optional(),
  artifact: ArtifactInfo.required({ digest: true }),
});
export type ReuseEntry = z.infer<typeof ReuseEntry>;

/** Where an entry was found, and its text there. */
export interface FoundEntry {
  key: string;
  text: string;
  entry: ReuseEntry;
}

/** The newest READY build of a scope: its inputs, hashed, by name. */
export const LatestBuild = z.object({
  deployment: z.string(),
  commit: z.string(),
  inputs: z.record(z.string(), z.string()),
  reads: z.array(z.string()),
});
export type LatestBuild = z.infer<typeof LatestBuild>;

/** An entry's key, in whose scope. */
export interface EntryKey {
  scope: string;
  key: string;
}

/** As many sets of what builds have looked at are remembered for the same inputs. */
const MOST_READS = 8;

/** The first of these entries that is there. */
export async function findEntry(redis: Redis, keys: readonly EntryKey[]): Promise<FoundEntry | undefined> {
  if (keys.length === 0) return undefined;
  const names = keys.map(({ scope, key }) => reuseKey(scope, key));
  const texts = await redis.mget(names);
  for (const [at, text] of texts.entries()) {
    const entry = text === null ? undefined : parsed(ReuseEntry, text);
    if (entry && text !== null) return { key: names[at] ?? '', text, entry };
  }
  return undefined;
}

/** Writes an entry if there is none yet. */
export async function addEntry(
  redis: Redis,
  { scope, key }: EntryKey,
  entry: ReuseEntry,
  ttlMs: number,
): Promise<void> {
  await redis.set(reuseKey(scope, key), JSON.stringify(entry), 'PX', ttlMs, 'NX');
}

/** Removes an entry whose artifact is no more, if it still is that one. */
export async function removeEntry(redis: Redis, { key, text }: FoundEntry): Promise<void> {
  const script = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;
  await runScript(redis, script, [key], [text]);
}

/** What builds with the same declared inputs have looked at beside these, each as a list of places. */
export async function readsOf(redis: Redis, { scope, key }: EntryKey): Promise<string[][]> {
  const members = await redis.smembers(reuseReadsKey(scope, key));
  return members.map((text) => JSON.parse(text) as string[]);
}

/** Adds a list of places. Returns false if there are too many lists already. */
export async function addReads(
  redis: Redis,
  { scope, key }: EntryKey,
  places: readonly string[],
  ttlMs: number,
): Promise<boolean> {
  const name = reuseReadsKey(scope, key);
  const text = JSON.stringify(places);
  const isKnown = (await redis.sismember(name, text)) === 1;
  if (!isKnown && (await redis.scard(name)) >= MOST_READS) return false;
  await redis.multi().sadd(name, text).pexpire(name, ttlMs).exec();
  return true;
}

/** The newest READY build of a scope. */
export async function latestBuild(redis: Redis, scope: string): Promise<LatestBuild | undefined> {
  const text = await redis.get(reuseLatestKey(scope));
  return text === null ? undefined : parsed(LatestBuild, text);
}

/** Remembers it. */
export async function noteLatest(
  redis: Redis,
  scope: string,
  latest: LatestBuild,
  ttlMs: number,
): Promise<void> {
  await redis.set(reuseLatestKey(scope), JSON.stringify(latest), 'PX', ttlMs);
}

/** Why no build of a project is reused; undefined if they are. */
export async function reuseOff(redis: Redis, user: UserId, project: ProjectId): Promise<string | undefined> {
  return (await redis.get(reuseOffKey(user, project))) ?? undefined;
}

/** From now on no build of the project is reused, for so long. */
export async function turnReuseOff(
  redis: Redis,
  { user, project }: { user: UserId; project: ProjectId },
  why: string,
  ttlSeconds: number,
): Promise<void> {
  await redis.set(reuseOffKey(user, project), why, 'EX', ttlSeconds);
}

/** Counts a job of the project that could reuse a build. Returns how many there have been. */
export async function countPossible(redis: Redis, user: UserId, project: ProjectId): Promise<number> {
  return redis.incr(reuseCountKey(user, project));
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
