// The secret, the token and the signing key that `koalaci init` stored in the data directory.
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { KoalaError } from '../job/errors.js';
import { systemWords } from '../job/system-words.js';
import { prepareHome } from './make-directory.js';

const Config = z.object({ secret: z.string(), token: z.string(), signing_key: z.string().optional() });
export type Config = z.infer<typeof Config>;

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
    throw new KoalaError('environment', `the configuration cannot be used: ${file}: ${whyNot(cause)}`, {
      remedy: 'Check that this user may read it, or replace it with "koalaci init --force".',
      cause,
    });
  }
}

/** The signing key: `given`, which is the setting, or the stored one; undefined when there is none. */
export function findSigningKey(home: string, given: string | undefined): string | undefined {
  return given ?? readConfig(home)?.signing_key;
}

/**
 * Stores them so that only their owner can read them. Returns the file's path.
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

/** Where it is stored. */
export function configFile(home: string): string {
  return join(home, 'config.json');
}

/** Not the parser's own words: they quote the file. */
function whyNot(cause: unknown): string {
  if (cause instanceof SyntaxError) return 'it is not JSON';
  return cause instanceof z.ZodError ? `${cause.issues[0]?.path.join('.')} does not fit` : systemWords(cause);
}
