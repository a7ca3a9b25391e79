// The commands' connection to Redis: the operator's, or the private one.
import type { Redis } from 'ioredis';
import type { SnapshotUse } from '../store/snapshot-uses.js';
import { installationOf, type Session } from './session.js';

/**
 * Connects to Redis, calls `use` and closes the connection.
 * @throws KoalaError `environment` when Redis cannot be reached, or refuses what koalaci asks
 */
export async function withRedis<T>(session: Session, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = await open(session);
  const { commandError } = await import('../store/redis-problem.js');
  try {
    return await use(redis);
  } catch (error) {
    throw commandError(error) ?? error;
  } finally {
    redis.disconnect();
  }
}

/** When and how often each of these snapshots was used, by its name. */
export async function snapshotUses(session: Session, names: string[]): Promise<Map<string, SnapshotUse>> {
  const { readUses } = await import('../store/snapshot-uses.js');
  return withRedis(session, (redis) => readUses(redis, names));
}

/** Loads the modules for Redis only now: a bad token or flag is reported without waiting for them. */
async function open(session: Session): Promise<Redis> {
  const { settings, home } = session;
  const url = settings.redisUrl ?? settings.redisHost;
  if (url) return (await import('../store/connect.js')).connect({ url });
  const { connectPrivate } = await import('../store/private-redis.js');
  return connectPrivate(home, settings.image, installationOf(session));
}
