// Checks a source that is a local repository, and finds its path.
import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KoalaError } from '../job/errors.js';
import { isLocalSource } from '../job/rules.js';

/**
 * The absolute path of a local source, without links, as a link may name another repository tomorrow; undefined for a
 * remote one.
 * @throws KoalaError `bad_input` when the path has no repository
 */
export async function localSource(url: string): Promise<string | undefined> {
  if (!isLocalSource(url)) return undefined;
  const path = pathOf(url);
  const kind = await kindOf(path);
  if (!kind)
    throw refused(`there is no directory ${path}`, 'Give the directory of a git repository, bare or not.');
  if (kind !== 'directory')
    throw refused(`${path} is not a directory`, 'Give the directory of a git repository, bare or not.');
  const dotGit = await kindOf(join(path, '.git'));
  if (dotGit === 'file') {
    throw refused(
      `${path} is a linked worktree or a submodule`,
      'Give the repository that it belongs to: that one has its branches.',
    );
  }
  const isBare =
    (await kindOf(join(path, 'HEAD'))) === 'file' && (await kindOf(join(path, 'objects'))) === 'directory';
  if (dotGit || isBare) return realpath(path);
  throw refused(
    `there is no git repository in ${path}`,
    'Give the top directory of a repository. For a directory inside it, use project_root.',
  );
}

/** Tells a directory from a later one at the same path; empty if there is none. */
export async function directoryId(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${found.dev}:${found.ino}` : '';
}

function pathOf(url: string): string {
  try {
    return url.startsWith('file://') ? fileURLToPath(url) : resolve(url.replace(/^~(?=\/)/, homedir()));
  } catch {
    throw refused(`${url} is not a path`, 'Write % as %25 in a file:// address.');
  }
}

async function kindOf(path: string): Promise<'file' | 'directory' | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? 'directory' : 'file');
}

function refused(what: string, remedy: string): KoalaError {
  return new KoalaError('bad_input', `project_repo_url: ${what}`, { remedy });
}
