// Checks a source that is a local repository, and finds its path.
import { readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KoalaError } from '../job/errors.js';
import { isLocalSource } from '../job/rules.js';
import { borrowedObjects, mayRead } from './borrowed-objects.js';

/** A repository of this machine. */
export interface LocalSource {
  /** Absolute and without links, as a link may name another repository tomorrow. */
  path: string;
  /** Directories of objects that it borrows from other repositories. */
  borrowed: string[];
}

/**
 * A local source; undefined for a remote one. A linked worktree or a submodule stands for the repository that it belongs to.
 * @throws KoalaError `bad_input` when the path has no repository
 */
export async function localSource(url: string): Promise<LocalSource | undefined> {
  if (!isLocalSource(url)) return undefined;
  const given = pathOf(url);
  const kind = await kindOf(given);
  if (!kind)
    throw refused(`there is no directory ${given}`, 'Give the directory of a git repository, bare or not.');
  if (kind !== 'directory')
    throw refused(`${given} is not a directory`, 'Give the directory of a git repository, bare or not.');
  const isLinked = (await kindOf(join(given, '.git'))) === 'file';
  const path = await realpath(isLinked ? await repositoryOf(given) : given);
  const gitDirectory = (await kindOf(join(path, '.git'))) === 'directory' ? join(path, '.git') : path;
  const hasObjects = (await kindOf(join(gitDirectory, 'objects'))) === 'directory';
  if (hasObjects && (await kindOf(join(gitDirectory, 'HEAD'))) === 'file')
    return { path, borrowed: await borrowedObjects(gitDirectory) };
  throw refused(
    `there is no git repository in ${given}`,
    'Give the top directory of a repository. For a directory inside it, use project_root.',
  );
}

/** The repository of a linked worktree or a submodule, whose `.git` is a file: see gitrepository-layout(5). */
async function repositoryOf(path: string): Promise<string> {
  const [, named] = /^gitdir: (.+)/.exec(await readFile(join(path, '.git'), 'utf8')) ?? [];
  const own = resolve(path, named ?? '');
  const common = await readFile(join(own, 'commondir'), 'utf8').catch(() => '.');
  const gitDirectory = resolve(own, common.trimEnd());
  const { uid } = await stat(path);
  // Whoever writes that file must not get at the repositories of others.
  const isThere = named !== undefined && (await kindOf(gitDirectory)) === 'directory';
  if (!isThere || !(await mayRead(gitDirectory, uid))) {
    throw refused(
      `${path} is a linked worktree or a submodule, and its repository ${gitDirectory} cannot be read`,
      'Give the repository that it belongs to, or make the worktree anew.',
    );
  }
  return basename(gitDirectory) === '.git' ? dirname(gitDirectory) : gitDirectory;
}

/** Which directories a local source is: a container has mounted those that were there when it started. */
export async function sourceIdOf(source: LocalSource | undefined): Promise<string | undefined> {
  if (!source) return undefined;
  const ids = await Promise.all([source.path, ...source.borrowed].map(directoryId));
  return ids.join(' ');
}

/** Tells a directory from a later one at the same path; empty if there is none. */
async function directoryId(path: string): Promise<string> {
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
