// The services that this user has logged in to, each with a token: in a file that only its owner can read.
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { KoalaError } from '../job/errors.js';
import { systemWordsOfWriting } from '../job/system-words.js';
import { makeDirectory } from './make-directory.js';
import type { Settings } from './settings.js';

const Logins = z.object({
  /** The one that commands ask if none is named. */
  current: z.string().optional(),
  servers: z.record(z.string(), z.object({ token: z.string() })),
});
export type Logins = z.infer<typeof Logins>;

/** The file, in the XDG configuration. */
export function loginsFile({ xdgConfigHome }: Pick<Settings, 'xdgConfigHome'>): string {
  return join(xdgConfigHome || join(homedir(), '.config'), 'koalaci', 'servers.json');
}

/**
 * What is in the file; nothing if there is none.
 * @throws KoalaError `environment` when it cannot be used
 */
export function readLogins(file: string): Logins {
  if (!existsSync(file)) return { servers: {} };
  try {
    return Logins.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new KoalaError('environment', `what "koalaci login" has stored cannot be used: ${file}`, {
      remedy: 'Check that this user may read it, or remove it and log in again.',
      // Not the parser's own words: they quote the file.
      ...(cause instanceof SyntaxError ? {} : { cause }),
    });
  }
}

/**
 * Writes the file.
 * @throws KoalaError `environment` when it cannot be written
 */
export async function writeLogins(file: string, logins: Logins): Promise<void> {
  const partial = `${file}.${process.pid}`;
  try {
    makeDirectory(dirname(file), 0o700);
    await writeFile(partial, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
    chmodSync(partial, 0o600);
    await rename(partial, file);
  } catch (cause) {
    throw new KoalaError('environment', `${file} cannot be written: ${systemWordsOfWriting(cause)}`, {
      remedy: 'Make its directory writable, or set XDG_CONFIG_HOME to another one.',
      cause,
    });
  }
}
