// Reads the operator's credentials for git, so that jobs need carry none.
import { dirname, resolve } from 'node:path';
import type { GitCredential } from '../job/credentials.js';
import { type CredentialRow, parseCredentialRows } from './credential-rows.js';
import { readPrivate } from './private-file.js';

const NAME = 'KOALACI_CREDENTIALS';

/** What the operator gives to builds: credentials, and host keys as lines of known_hosts. */
export interface OperatorCredentials {
  credentials: GitCredential[];
  knownHosts: string[];
}

/**
 * Reads the file that `KOALACI_CREDENTIALS` names, anew for each build: tokens expire. Without one, there are none.
 * @throws KoalaError `environment` when a file cannot be read, may be read by others, or has a row that does not fit
 */
export async function readCredentials(path: string | undefined): Promise<OperatorCredentials> {
  if (!path) return { credentials: [], knownHosts: [] };
  const rows = parseCredentialRows(await readPrivate(path, NAME));
  const credentials = rows.map(async (row) => ({ ...row.credential, secret: await secretOf(row, path) }));
  return {
    credentials: await Promise.all(credentials),
    knownHosts: rows.flatMap(({ knownHosts }) => knownHosts),
  };
}

async function secretOf(
  { credential, keyFile, name, checkKey }: CredentialRow,
  path: string,
): Promise<string> {
  if (keyFile === undefined) return credential.secret;
  // Relative to the file that names it.
  return checkKey(await readPrivate(resolve(dirname(path), keyFile), `${NAME}: ${name}`));
}
