// Real git repositories, made from a fixture or from a few files.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { ROOT } from './koalaci.js';

export const git = (cwd: string, ...args: string[]) =>
  execa('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
    cwd,
    env: { GIT_CONFIG_GLOBAL: '/dev/null' },
  });

/** A repository with the files of test/fixtures/<name>, on the branch main. */
export async function repoOf(fixture: string, files: Record<string, string> = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-repo-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await cp(join(ROOT, 'test/fixtures', fixture), directory, { recursive: true });
  await git(directory, 'init', '--quiet', '--initial-branch', 'main');
  await commit(directory, files);
  return directory;
}

/** Writes files and commits everything. Returns the SHA. */
export async function commit(repo: string, files: Record<string, string> = {}): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repo, path)), { recursive: true });
    await writeFile(join(repo, path), text);
  }
  await git(repo, 'add', '--all');
  await git(repo, 'commit', '--quiet', '--allow-empty', '--message', 'a change');
  return (await git(repo, 'rev-parse', 'HEAD')).stdout;
}
