// The commit that a directory is at, and the files in it: asked of git on this machine.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Committed } from '../../ci/steps/detection/committed-files.mjs';
import { isTagRef, shortRef } from '../job/rules.js';
import { blob, git, refused } from './git.js';

/** A commit of the repository that a directory is in. */
export interface Commit {
  /** The working tree. */
  top: string;
  /** The directory, relative to that. */
  root: string;
  sha: string;
  /** The branch that is checked out; undefined if there is none. */
  branch: string | undefined;
  /** What in the working tree is not as it was committed; undefined if another commit is checked out. */
  changed: string[] | undefined;
}

/** Another commit than the one that is checked out. */
export interface Asked {
  branch?: string | undefined;
  commit?: string | undefined;
}

/**
 * The commit that a directory is at, or another one of its repository.
 * @throws KoalaError `bad_input` if there is no repository, or no such commit; `environment` without git
 */
export async function commitAt(directory: string, asked: Asked = {}): Promise<Commit> {
  const where = await git(directory, ['rev-parse', '--show-toplevel', '--show-prefix']);
  if (where === undefined)
    throw refused(
      `${directory} is in no git repository, and koalaci builds what is committed`,
      'git init && git add --all && git commit',
    );
  const [top = '', prefix = ''] = where.split('\n');
  const head = await git(top, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head === undefined) throw refused(`nothing is committed yet in ${top}`, 'git add --all && git commit');
  const sha = await named(top, asked);
  const status = sha === head ? await git(top, ['status', '--porcelain', '-z', '--no-renames']) : undefined;
  return {
    ...{ top, sha },
    root: prefix.replace(/\/$/, '') || '.',
    branch: await git(top, ['symbolic-ref', '--short', '--quiet', 'HEAD']),
    // Two letters and a space stand before each.
    changed: status === undefined ? undefined : entries(status).map((entry) => entry.slice(3)),
  };
}

/** The files of a commit, as the detection reads them: from the working tree, as far as they are the same there. */
export async function readCommitted({ top, sha, changed }: Commit): Promise<Committed> {
  const tree = (await git(top, ['ls-tree', '-r', '-z', '--full-tree', sha])) ?? '';
  const others = new Set(changed);
  return {
    modes: new Map(
      entries(tree).map((entry) => {
        const [, mode = '', path = ''] = /^(\d+)[^\t]*\t(.*)$/s.exec(entry) ?? [];
        return [path, mode];
      }),
    ),
    isChanged: (path) => changed === undefined || others.has(path) || !existsSync(join(top, path)),
    read: (path) => blob(top, `${sha}:${path}`),
  };
}

async function named(top: string, { branch, commit }: Asked): Promise<string> {
  const names = commit ??
    (branch === undefined ? 'HEAD' : undefined) ?? [
      ...(isTagRef(branch ?? '') ? [] : [`refs/heads/${shortRef(branch ?? '')}`]),
      `refs/tags/${shortRef(branch ?? '')}`,
    ];
  for (const name of [names].flat()) {
    const sha = await git(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    if (sha !== undefined) return sha;
  }
  const what = commit === undefined ? `branch or tag ${branch}` : `commit ${commit}`;
  throw refused(`there is no ${what} in ${top}`, 'Check its name; git fetch gets what others have pushed.');
}

/** What -z lists. */
function entries(list: string): string[] {
  return list.split('\0').filter((entry) => entry !== '');
}
