// The id of this installation: what tells its containers and snapshots from those of others on the same engine.
import { createHash, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { InstallationId } from '../job/identity.js';
import { makeDirectory } from './make-directory.js';
import { canonicalRedis } from './redis-address.js';

const LETTERS = 12;

/**
 * The id of the installation: of a data directory and its Redis. Both count, because records are in the one, and what the
 * engine has is removed by what they say. `redisUrl`: undefined for the private Redis.
 */
export function installationId(home: string, redisUrl: string | undefined): InstallationId {
  const redis = canonicalRedis(redisUrl ?? `unix://${join(home, 'redis', 'redis.sock')}`);
  return hash(`${homeId(home)}\n${redis}`) as InstallationId;
}

/**
 * A random id that stays with the data directory, made on first use. A directory that cannot be written has none: its path
 * on this machine then stands for it, so that builds with `--output` still find their snapshots.
 */
function homeId(home: string): string {
  const file = join(home, 'installation');
  return read(file) ?? create(home, file) ?? `${hostname()}:${process.getuid?.() ?? 0}:${home}`;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Returns what the file holds in the end: of two processes that create it at once, the first one wins. */
function create(home: string, file: string): string | undefined {
  const partial = `${file}.${randomUUID()}`;
  try {
    makeDirectory(home);
    writeFileSync(partial, `${randomUUID()}\n`, { flag: 'wx' });
  } catch {
    return undefined;
  }
  try {
    linkSync(partial, file);
  } catch {
    // Another process was first.
  }
  rmSync(partial, { force: true });
  return read(file);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, LETTERS);
}
