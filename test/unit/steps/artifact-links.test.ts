// Which links of a dist directory are written anew for the artifact, and how.
import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SCRIPT = resolve(import.meta.dirname, '../../../ci/steps/artifact_links.py');
let project: string;
let work: string;

beforeEach(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'koala-links-')));
  work = join(project, 'work');
  await mkdir(work);
  for (const file of ['dist/v1/a', 'dist/v1/deep/b', 'site/real/page', 'dist/real/page']) {
    await mkdir(dirname(join(project, file)), { recursive: true });
    await writeFile(join(project, file), file);
  }
});
afterEach(() => rm(project, { recursive: true, force: true }));

/** Makes links (PROJECT stands for the project's path), and returns what those say that are written anew. */
async function rewritten(links: Record<string, string>): Promise<Record<string, string>> {
  for (const [path, text] of Object.entries(links))
    await symlink(text.replace('PROJECT', project), join(project, path));
  const dist = join(project, 'dist');
  await execa('bash', ['-c', 'find "$1" -type l -printf "%P\\0" | "$2" "$1" "$3"', '_', dist, SCRIPT, work]);
  const members = (await readFile(join(work, 'members'), 'utf8')).split('\0').filter(Boolean);
  const texts = members.map(async (member) => [
    member.replace('links/', ''),
    (await readlink(join(work, member))).replace(project, 'PROJECT'),
  ]);
  expect(await readFile(join(work, 'without'), 'utf8')).toBe(
    members.map((member) => `${member.replace('links', '.')}\n`).join(''),
  );
  return Object.fromEntries(await Promise.all(texts));
}

it.each([
  ['an absolute link', { 'dist/v1/deep/x': 'PROJECT/dist/v1/a' }, { 'v1/deep/x': '../a' }],
  ['one to a directory', { 'dist/x': 'PROJECT/dist/v1' }, { x: 'v1' }],
  ['one to the dist directory itself', { 'dist/v1/x': 'PROJECT/dist' }, { 'v1/x': '..' }],
  ['one to what is missing', { 'dist/x': 'PROJECT/dist/none' }, { x: 'none' }],
  ['a chain', { 'dist/x': 'y', 'dist/y': 'PROJECT/dist/v1/a' }, { y: 'v1/a' }],
  ['a way through a link', { 'dist/x': 'PROJECT/dist/y/b', 'dist/y': 'v1/deep' }, { x: 'v1/deep/b' }],
  ['a relative one that goes out and comes back', { 'dist/v1/x': '../../dist/v1/a' }, { 'v1/x': 'a' }],
  ['a way that goes up after a name', { 'dist/x': 'v1/deep/../a' }, { x: 'v1/a' }],
  ['a way through a link outside', { out: 'dist/v1', 'dist/x': 'PROJECT/out/a' }, { x: 'v1/a' }],
  [
    'a copy of a link, by fs.cp',
    { 'site/x': 'real/page', 'dist/x': 'PROJECT/site/real/page' },
    { x: 'real/page' },
  ],
])('rewrites %s', async (_, links, texts) => {
  expect(await rewritten(links as Record<string, string>)).toEqual(texts);
});

it('leaves alone what works as it is written, or leads to itself, and the dist directory as it is', async () => {
  const links = {
    'dist/a': 'v1/a',
    'dist/v1/deep/up': '../../v1',
    'dist/gone': 'none',
    'dist/loop': 'loop',
    'dist/out': '../site/real/page',
  };
  expect(await rewritten(links)).toEqual({ out: 'PROJECT/site/real/page' });
  expect((await lstat(join(project, 'dist/out'))).isSymbolicLink()).toBe(true);
});

it('comes to an end with a link of two slashes', async () => {
  expect(await rewritten({ 'dist/x': '//etc' })).toEqual({ x: expect.stringMatching('^//?etc$') });
});

it('shows the runner that a link leads out whose text does not say it', async () => {
  const links = { 'dist/v1/deep/top': '../..', 'dist/x': 'v1/deep/top/../site/real/page' };
  expect(await rewritten(links)).toEqual({ x: 'PROJECT/site/real/page' });
});
