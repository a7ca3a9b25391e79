import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { localSource } from '../../../src/runner/local-source.js';
import { git } from '../../support/repo.js';

let root: string;
const at = (name: string) => join(root, name);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'koala-source-'));
  await git(root, 'init', '--quiet', 'whole repo');
  await git(root, 'init', '--quiet', '--bare', 'bare.git');
  await symlink('whole repo', at('link'));
  await mkdir(at('plain'));
  await mkdir(at('linked'));
  await git(root, '-C', 'whole repo', 'commit', '--quiet', '--allow-empty', '--message', 'one');
  await git(root, '-C', 'whole repo', 'worktree', 'add', '--quiet', '../worktree');
  await git(root, 'clone', '--quiet', '--shared', 'whole repo', 'shared');
  await git(root, 'clone', '--quiet', '--bare', '--reference', 'shared', 'whole repo', 'chain.git');
  await writeFile(at('linked/.git'), 'gitdir: /elsewhere\n');
  await writeFile(at('file'), '');
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('is none for an address of another machine', async () => {
  expect(await localSource('https://example.org/a.git')).toBeUndefined();
});

it.each([
  ['an absolute path', () => at('whole repo'), 'whole repo'],
  ['a bare repository', () => at('bare.git'), 'bare.git'],
  ['a link, as where it leads', () => at('link'), 'whole repo'],
  ['a path from here', () => `./${relative(process.cwd(), at('whole repo'))}`, 'whole repo'],
  ['a linked worktree, as its repository', () => at('worktree'), 'whole repo'],
  ['a file:// address, decoded', () => `file://${root}/whole%20repo`, 'whole repo'],
])('is the absolute path of %s', async (_, url, name) => {
  expect(await localSource(url())).toEqual({ path: at(name), borrowed: [] });
});

it('borrows objects along a chain', async () => {
  const objects = at('whole repo/.git/objects');
  expect(await localSource(at('shared'))).toEqual({ path: at('shared'), borrowed: [objects] });
  const chain = [at('shared/.git/objects'), objects];
  expect(await localSource(at('chain.git'))).toEqual({ path: at('chain.git'), borrowed: chain });
});

it('does not borrow what its owner may not read', async () => {
  await git(root, 'clone', '--quiet', '--shared', 'whole repo', 'stranger');
  const borrowed = async () => (await localSource(at('stranger')))?.borrowed;
  await chown(at('stranger/.git'), 12_345, 12_345);
  await chmod(root, 0o711);
  expect(await borrowed()).toHaveLength(1);
  await chmod(at('whole repo'), 0o700);
  expect(await borrowed()).toEqual([]);
  await chmod(at('whole repo'), 0o755);
});

it('does not take what is no directory of objects, or is gone', async () => {
  await git(root, 'clone', '--quiet', '--shared', 'whole repo', 'bent');
  await writeFile(
    at('bent/.git/objects/info/alternates'),
    `${at('plain')}\n${at('none')}\n# ${at('shared')}\n`,
  );
  expect(await localSource(at('bent'))).toEqual({ path: at('bent'), borrowed: [] });
});

it.each([
  ['plain', /no git repository in/],
  ['none', /no directory/],
  ['file', /is not a directory/],
  ['linked', /linked worktree or a submodule/],
])('is refused when it is %s', async (name, words) => {
  const refusal = localSource(at(name));
  await expect(refusal).rejects.toMatchObject({ kind: 'bad_input', message: expect.stringMatching(words) });
  await expect(refusal).rejects.toThrow(at(name));
});

it('is refused below the home directory by the path that ~ stands for', async () => {
  await expect(localSource('~/no-such-repository')).rejects.toThrow(`${homedir()}/no-such-repository`);
});
