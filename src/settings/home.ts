// The data directory: where it is, and the secret and token that `koalaci init` stored in it.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { KoalaError } from '../job/errors.js';
import { prepareHome } from './make-directory.js';
import type { Settings } from './settings.js';

const Config = z.object({ secret: z.string(), token: z.string() });
export type Config = z.infer<typeof Config>;

const SYSTEM_HOME = '/opt/koalaci';

/** `KOALACI_HOME`, else /opt/koalaci if writable, else the XDG data directory. */
export function koalaHome({ home, xdgDataHome }: Pick<Settings, 'home' | 'xdgDataHome'>): string {
  if (home) return resolve(home);
  if (canWrite(SYSTEM_HOME) || (!existsSync(SYSTEM_HOME) && canWrite('/opt'))) return SYSTEM_HOME;
  return join(xdgDataHome || join(homedir(), '.local', 'share'), 'koalaci');
}

/**
 * What `koalaci init` stored; undefined if it has not run.
 * @throws KoalaError `environment` when the file exists but is unusable
 */
export function readConfig(home: string): Config | undefined {
  const file = configFile(home);
  if (!existsSync(file)) return undefined;
  try {
    return Config.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new KoalaError('environment', `the configuration cannot be used: ${file}`, {
      remedy: 'Check that this user may read it, or replace it with "koalaci init --force".',
      cause,
    });
  }
}

/**
 * Stores the secret and the token so that only their owner can read them. Returns the file's path.
 * @throws KoalaError `bad_input` when the data directory cannot be made or written
 */
export async function writeConfig(home: string, config: Config): Promise<string> {
  const file = configFile(home);
  prepareHome(home);
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await rename(partial, file);
  return file;
}

function configFile(home: string): string {
  return join(home, 'config.json');
}

function canWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
