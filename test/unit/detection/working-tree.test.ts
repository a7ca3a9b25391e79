// What only this machine has, and what others can fetch: the working tree as a commit, and where origin has one.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Commit, commitAt } from '../../../src/detection/commit.js';
import { pushedTo } from '../../../src/detection/pushed.js';
import { commitWorkingTree } from '../../../src/detection/working-tree.js';
import type { KoalaError } from '../../../src/job/errors.js';
import { commit, git, repoOf } from '../../support/repo.js';

const said = async (repo: string, ...args: string[]) => (await git(repo, ...args)).stdout;

describe('the working tree as a commit', () => {
  it('has what is changed, new and removed, but nothing that is ignored, and touches nothing', async () => {
    const repo = await repoOf('static', { '.gitignore': '*.log\n', 'old.txt': 'old\n', 'gone.txt': '' });
    await writeFile(join(repo, 'old.txt'), 'changed\n');
    await writeFile(join(repo, 'new.txt'), 'new\n');
    await writeFile(join(repo, 'x.log'), 'ignored\n');
    await rm(join(repo, 'gone.txt'));
    const before = [await said(repo, 'status', '--porcelain'), await said(repo, 'rev-parse', 'HEAD')];
    const made = await commitWorkingTree(await commitAt(repo));
    expect((await said(repo, 'diff', '--name-status', 'HEAD', made.sha)).split('\n')).toEqual([
      'D\tgone.txt',
      'A\tnew.txt',
      'M\told.txt',
    ]);
    expect(await said(repo, 'show', `${made.sha}:old.txt`)).toBe('changed');
    expect([await said(repo, 'status', '--porcelain'), await said(repo, 'rev-parse', 'HEAD')]).toEqual(
      before,
    );
    expect((await commitWorkingTree(await commitAt(repo))).sha).toBe(made.sha);
  });

  it('is the one that is checked out, where nothing is changed', async () => {
    const repo = await repoOf('static');
    expect((await commitWorkingTree(await commitAt(repo))).sha).toBe(await said(repo, 'rev-parse', 'HEAD'));
  });
});

describe('a commit at origin', () => {
  async function cloned() {
    const origin = await repoOf('static', { 'origin.txt': '' });
    const repo = await repoOf('static');
    await git(repo, 'remote', 'add', 'origin', origin);
    return { origin, repo };
  }
  const refusal = (at: Commit) => pushedTo(at).catch((error: KoalaError) => [error.message, error.remedy]);

  it('is refused without an origin, and before it is pushed', async () => {
    const { repo } = await cloned();
    expect(await refusal(await commitAt(repo))).toEqual([
      expect.stringMatching(/^commit \w{10} is not at origin, .*: push first$/),
      'git push origin main',
    ]);
    await git(repo, 'remote', 'remove', 'origin');
    expect(await refusal(await commitAt(repo))).toEqual([
      expect.stringMatching(/has no remote "origin"/),
      expect.stringMatching(/^git remote add/),
    ]);
  });

  it('is found by its own branch, by another one that has it, and where somebody else has pushed it', async () => {
    const { origin, repo } = await cloned();
    await git(repo, 'push', '--quiet', 'origin', 'main:other');
    expect(await pushedTo(await commitAt(repo))).toEqual({ url: origin, branch: 'other' });
    await git(repo, 'update-ref', '-d', 'refs/remotes/origin/other');
    expect(await pushedTo(await commitAt(repo))).toEqual({ url: origin, branch: 'other' });
    await git(repo, 'push', '--quiet', 'origin', 'HEAD:refs/heads/topic');
    await git(repo, 'switch', '--quiet', '--create', 'topic');
    expect(await pushedTo(await commitAt(repo))).toMatchObject({ branch: 'topic' });
    await commit(repo, { 'more.txt': 'more\n' });
    expect(await refusal(await commitAt(repo))).toEqual([expect.any(String), 'git push origin topic']);
  });
});
