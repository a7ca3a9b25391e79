// What a commit has, whatever the working tree around it looks like.
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Asked, type Commit, commitAt } from '../../../src/detection/commit.js';
import { detectCommit } from '../../../src/detection/detect.js';
import { manifest, summary } from '../../support/detection.js';
import { commit, git, repoOf } from '../../support/repo.js';
import { workspaceOf } from '../../support/steps.js';

const VITE = { 'package.json': manifest(['vite'], { name: 'site' }) };
const ASTRO = { 'package.json': manifest(['astro'], { name: 'blog' }) };

const detectAt = async (repo: string, asked?: Asked) => {
  const found = await detectCommit(await commitAt(repo, asked), '.');
  return summary(found);
};

describe('the commit that a directory is at', () => {
  it('is that of HEAD, with its branch, and what is not as it was committed', async () => {
    const repo = await repoOf('static', { 'apps/a b/x': '' });
    const sha = await commit(repo, VITE);
    await writeFile(join(repo, 'package.json'), '{}');
    await writeFile(join(repo, 'ä "new"'), '');
    await rm(join(repo, 'public'), { recursive: true });
    const found = await commitAt(join(repo, 'apps/a b'));
    expect(found).toMatchObject({ top: repo, root: 'apps/a b', sha, branch: 'main' });
    expect(found.changed).toEqual(expect.arrayContaining(['package.json', 'ä "new"', 'public/index.html']));
  });

  it('may have no branch', async () => {
    const repo = await repoOf('static');
    await git(repo, 'checkout', '--quiet', '--detach');
    expect(await commitAt(repo)).toMatchObject({ root: '.', branch: undefined, changed: [] });
  });

  it('is that of a linked worktree', async () => {
    const repo = await repoOf('static');
    const tree = join(await workspaceOf({}), 'tree');
    await git(repo, 'worktree', 'add', '--quiet', '-b', 'other', tree);
    const sha = await commit(tree, VITE);
    expect(await commitAt(tree)).toMatchObject({ top: tree, sha, branch: 'other' });
  });

  it.each<[string, Asked, RegExp]>([
    ['a branch', { branch: 'none' }, /^there is no branch or tag none in /],
    ['a tag', { branch: 'refs/tags/main' }, /^there is no branch or tag refs\/tags\/main in /],
    ['a commit', { commit: 'a'.repeat(40) }, /^there is no commit a{40} in /],
  ])('is refused if there is no such one: %s', async (_, asked, message) => {
    const failing = commitAt(await repoOf('static'), asked);
    await expect(failing).rejects.toMatchObject({
      kind: 'bad_input',
      message: expect.stringMatching(message),
    });
  });

  it('is refused where nothing is committed, with what to type', async () => {
    const directory = await workspaceOf({ 'index.html': '' });
    await expect(commitAt(directory)).rejects.toMatchObject({
      message: `${directory} is in no git repository, and koalaci builds what is committed`,
      remedy: 'git init && git add --all && git commit',
    });
    await git(directory, 'init', '--quiet');
    await expect(commitAt(directory)).rejects.toMatchObject({
      message: `nothing is committed yet in ${directory}`,
      remedy: 'git add --all && git commit',
    });
  });
});

describe('a commit is detected', () => {
  const SITE = ['Vite', 'npx vite build', 'dist'];

  it.each<[string, (repo: string) => Promise<unknown>]>([
    ['as the working tree has it', async () => {}],
    [
      'without what was changed since',
      (repo) => writeFile(join(repo, 'package.json'), ASTRO['package.json']),
    ],
    ['with what was removed since', (repo) => rm(join(repo, 'package.json'))],
    [
      'without what is new',
      (repo) => writeFile(join(repo, 'vite.config.js'), 'export default { build: { outDir: "www" } }'),
    ],
    [
      'without what is ignored',
      async (repo) => {
        await writeFile(join(repo, '.git/info/exclude'), 'pnpm-lock.yaml\n');
        await writeFile(join(repo, 'pnpm-lock.yaml'), '');
      },
    ],
    [
      'whatever stands in the place of a directory',
      async (repo) => {
        await rm(join(repo, 'public'), { recursive: true });
        await writeFile(join(repo, 'public'), '');
      },
    ],
  ])('%s', async (_, change) => {
    const repo = await repoOf('static', VITE);
    await change(repo);
    expect(await detectAt(repo)).toEqual(SITE);
  });

  it('of another branch, though another one is checked out', async () => {
    const repo = await repoOf('static', VITE);
    await git(repo, 'checkout', '--quiet', '-b', 'next');
    await commit(repo, ASTRO);
    expect(await detectAt(repo, { branch: 'main' })).toEqual(SITE);
    expect(await detectAt(repo, { branch: 'refs/heads/next' })).toEqual(['Astro', 'npx astro build', 'dist']);
    expect((await commitAt(repo, { branch: 'main' })).changed).toBeUndefined();
  });

  it('with its packages, and links that lead inside only', async () => {
    const outside = await workspaceOf(ASTRO);
    const repo = await repoOf('static', {
      'package.json': JSON.stringify({ workspaces: ['apps/*'] }),
      'apps/site/package.json': manifest(['vite'], { scripts: { build: 'vite build' } }),
    });
    await mkdir(join(repo, 'apps/out'));
    await symlink(join(outside, 'package.json'), join(repo, 'apps/out/package.json'));
    await mkdir(join(repo, 'apps/in'));
    await symlink('../site/package.json', join(repo, 'apps/in/package.json'));
    await commit(repo);
    const { packages } = await detectCommit(await commitAt(repo), '.');
    expect(packages.map(({ root }) => root)).toEqual(['apps/in', 'apps/site']);
  });

  it('without starting a program that the repository names', async () => {
    const repo = await repoOf('static', VITE);
    const traces = await workspaceOf({});
    await git(repo, 'config', 'core.fsmonitor', `touch ${traces}/monitor; false`);
    await git(repo, 'config', 'core.hooksPath', join(traces, 'hooks'));
    await writeFile(join(repo, 'package.json'), '{ }');
    const found: Commit = await commitAt(repo);
    expect(found.changed).toEqual(['package.json']);
    await expect(rm(join(traces, 'monitor'))).rejects.toThrow('ENOENT');
  });
});
