import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
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
  ['a file:// address, decoded', () => `file://${root}/whole%20repo`, 'whole repo'],
])('is the absolute path of %s', async (_, url, name) => {
  expect(await localSource(url())).toBe(at(name));
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
