// What every command needs from its surroundings: who is asking, and a connection to Redis.
import { resolve } from 'node:path';
import type { Redis } from 'ioredis';
import { SECRET_BYTES, verifyToken } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';
import { type DeploymentId, ID_PATTERN, type UserId } from '../job/identity.js';
import type { Limits } from '../job/limits.js';
import { parseBytes, parseCount, parseDuration } from '../job/quantity.js';
import type { Intake } from '../queue/intake.js';
import type { JobsQueue } from '../queue/jobs-queue.js';
import type { SandboxDefaults } from '../runner/standby.js';
import { readExtraCa } from '../settings/ca.js';
import { koalaHome, readConfig } from '../settings/home.js';
import type { SnapshotUse } from '../store/snapshot-uses.js';

const { env } = process;
const DAY_SECONDS = 86_400;

/** The image of the builds and of the private Redis. */
export const image = () => env.KOALACI_IMAGE || 'koalaci:latest';

export const home = () => koalaHome(env);

/** Bytes of all snapshots at which the least recently used ones go. */
export const cacheLimit = () => parseBytes('KOALACI_CACHE_LIMIT', env.KOALACI_CACHE_LIMIT || '20g');

/** Seconds for which a container waits for the next build of a branch. */
export function standbySeconds(): number {
  const setting = env.KOALACI_STANDBY || '10m';
  return setting === 'off' ? 0 : Math.ceil(parseDuration('KOALACI_STANDBY', setting) / 1000);
}

/** Layers at which a snapshot is flattened. */
export const flattenAt = () => parseCount('KOALACI_SNAPSHOT_LAYERS', env.KOALACI_SNAPSHOT_LAYERS || '40');

/** The branch whose snapshot other branches start from, if the operator names one. */
export const defaultBranch = () => env.KOALACI_DEFAULT_BRANCH || undefined;

/** The registry in which snapshots are shared with other boxes, if there is one. */
export const snapshotRegistry = () => env.KOALACI_SNAPSHOT_REGISTRY || undefined;

/** Where artifacts go, unless the user names another place. */
export const artifactsAtHome = () => ({ directory: resolve(home(), 'artifacts'), flat: false });

/** What containers are made with. */
export async function sandboxDefaults(limits: Limits): Promise<SandboxDefaults> {
  return { limits, builder: image(), extraCa: await readExtraCa(env), registry: snapshotRegistry() };
}

/** Settings of every build. */
export const buildSettings = () => ({
  retentionSeconds: retentionSeconds(),
  postBuildLog: resolve(home(), 'post-build.log'),
});

/** What callbacks are signed with; undefined where there are none. */
export const callbackSecret = () => env.KOALACI_CALLBACK_SECRET || undefined;

/** Where jobs are handed in. */
export function intake(redis: Redis, queue: JobsQueue, signedWith = secret()): Intake {
  return {
    redis,
    queue,
    secret: signedWith,
    retentionSeconds: retentionSeconds(),
    allowLocal: allowLocal(),
    callbacks: callbackSecret() !== undefined,
  };
}

/** When and how often each of these snapshots was used, by its name. */
export async function snapshotUses(names: string[]): Promise<Map<string, SnapshotUse>> {
  const { readUses } = await import('../store/snapshot-uses.js');
  return withRedis((redis) => readUses(redis, names));
}

/** Whether repositories of this machine are built from the queue: all users are trusted then. */
export const allowLocal = () => env.KOALACI_ALLOW_LOCAL_SOURCES === '1';

/** Seconds for which records are kept. */
export const retentionSeconds = () =>
  parseCount('KOALACI_RETENTION_DAYS', env.KOALACI_RETENTION_DAYS || '30') * DAY_SECONDS;

/**
 * The user, from `--token`, `KOALACI_TOKEN` or the stored token.
 * @throws KoalaError `unauthorised`
 */
export function authenticate(flags: { token?: string }): UserId {
  const config = readConfig(home());
  const token = flags.token || env.KOALACI_TOKEN || config?.token;
  if (!token) {
    throw new KoalaError('unauthorised', 'there is no token', {
      remedy: 'Make one with "koalaci init", or give one with --token or KOALACI_TOKEN.',
    });
  }
  return verifyToken(token, secret());
}

/**
 * The secret that tokens are signed with: `JWT_SECRET`, or the stored one.
 * @throws KoalaError `unauthorised` when there is none
 */
export function secret(): string {
  const found = env.JWT_SECRET || readConfig(home())?.secret;
  if (!found) {
    throw new KoalaError('unauthorised', 'there is no secret to verify tokens with', {
      remedy: 'Set JWT_SECRET, or make one with "koalaci init".',
    });
  }
  if (Buffer.byteLength(found) < SECRET_BYTES) {
    process.stderr.write(
      `koalaci: warning: JWT_SECRET has fewer than ${SECRET_BYTES} bytes and can be guessed\n`,
    );
  }
  return found;
}

/**
 * Runs something with a connection to Redis and closes it.
 * @throws KoalaError `environment` when there is none
 */
export async function withRedis<T>(use: (redis: Redis) => Promise<T>): Promise<T> {
  // Loaded here: a token or a flag that does not fit is told without it.
  const { connect, namedRedis } = await import('../store/connect.js');
  const { connectPrivate } = await import('../store/private-redis.js');
  const named = namedRedis(env);
  const redis = named ? await connect(named) : await connectPrivate(home(), image());
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/**
 * A deployment id from the command line.
 * @throws KoalaError `not_found`: an id that cannot be one is an id that does not exist
 */
export function deploymentId(text: string): DeploymentId {
  if (ID_PATTERN.test(text)) return text as DeploymentId;
  throw new KoalaError('not_found', `there is no deployment ${JSON.stringify(text)}`, {
    remedy: '"koalaci list" shows those that are known.',
  });
}
