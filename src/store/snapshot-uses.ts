// Counts how often builds start from each snapshot, and when the last one did.
import type { Redis } from 'ioredis';
import { snapshotKey } from './keys.js';

export interface SnapshotUse {
  hits: number;
  /** Milliseconds since 1970. */
  usedAt: number;
}

/** Notes that a build started from a snapshot. */
export async function noteUse(redis: Redis, snapshot: string, ttlSeconds: number): Promise<void> {
  const key = snapshotKey(snapshot);
  await redis.multi().hincrby(key, 'hits', 1).hset(key, 'used', Date.now()).expire(key, ttlSeconds).exec();
}

/** The uses of these snapshots, without those that no build started from. */
export async function readUses(redis: Redis, snapshots: string[]): Promise<Map<string, SnapshotUse>> {
  const found = await Promise.all(snapshots.map((snapshot) => redis.hgetall(snapshotKey(snapshot))));
  const uses = snapshots.map((snapshot, index) => [snapshot, found[index] ?? {}] as const);
  return new Map(
    uses
      .filter(([, { used }]) => used !== undefined)
      .map(([snapshot, { hits, used }]) => [snapshot, { hits: Number(hits), usedAt: Number(used) }]),
  );
}
