// A repository of this machine as a source: its path, checked.
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KoalaError } from '../job/errors.js';
import { isLocalSource } from '../job/rules.js';

/**
 * The absolute path of a local source; undefined for a remote one.
 * @throws KoalaError `bad_input` when there is no such directory
 */
export async function localSource(url: string): Promise<string | undefined> {
  if (!isLocalSource(url)) return undefined;
  const path = url.startsWith('file://') ? fileURLToPath(url) : resolve(url.replace(/^~(?=\/)/, homedir()));
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory() || path.includes(',')) {
    throw new KoalaError('bad_input', `project_repo_url: there is no directory ${path}`, {
      remedy: 'Name a git repository: its directory, or a bare one.',
    });
  }
  return path;
}
