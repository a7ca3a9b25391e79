// The working tree as a commit: with what is not committed, and without touching branch, index or files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Commit } from './commit.js';
import { git, refused } from './git.js';

/** In the log of the project, nobody is to take it for a person. */
const AUTHOR = {
  GIT_AUTHOR_NAME: 'koalaci',
  GIT_AUTHOR_EMAIL: 'koalaci@localhost',
  GIT_COMMITTER_NAME: 'koalaci',
  GIT_COMMITTER_EMAIL: 'koalaci@localhost',
};
/** Says nothing that has a build skipped. */
const MESSAGE = 'what is not committed';

/**
 * A commit of all that is in the working tree, but for what git ignores, after the one that is checked out. Like a stash it belongs to
 * no branch, so git removes it one day. The same tree gives the same commit.
 * @throws KoalaError `bad_input` when git cannot make it
 */
export async function commitWorkingTree(commit: Commit): Promise<Commit> {
  const { top, sha, changed = [] } = commit;
  if (changed.length === 0) return commit;
  const scratch = await mkdtemp(join(tmpdir(), 'koalaci-index-'));
  try {
    const index = { GIT_INDEX_FILE: join(scratch, 'index') };
    await must(top, ['read-tree', sha], index);
    await must(top, ['add', '--all'], index);
    const tree = await must(top, ['write-tree'], index);
    const date = await must(top, ['show', '--no-patch', '--format=%cI', sha]);
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const made = await must(top, ['commit-tree', tree, '-p', sha, '-m', MESSAGE], { ...AUTHOR, ...dates });
    return { ...commit, sha: made, changed: [] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function must(top: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const said = await git(top, args, env);
  if (said !== undefined) return said;
  throw refused(
    `git cannot make a commit of the working tree in ${top} (git ${args[0]} failed)`,
    'See whether "git stash create" works there, or commit the changes.',
  );
}
