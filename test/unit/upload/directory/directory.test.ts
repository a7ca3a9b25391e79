// The target that is a directory, on real files: releases appear whole, a link is swapped, and nothing leads out.
import { createHash } from 'node:crypto';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ListedEntry } from '../../../../src/artifact/listing.js';
import type { DeploymentId, ProjectId, UserId } from '../../../../src/job/identity.js';
import { DirectoryTarget } from '../../../../src/upload/directory/directory.js';
import type { Release, ServeOptions } from '../../../../src/upload/target.js';
import { filesUnder } from '../../../support/artifact.js';
import { listOf } from '../../../support/released.js';
import { until } from '../../../support/until.js';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const TIME = 1_700_000_000;
let work: string;
let said: string[];
let options: ServeOptions;
let target: DirectoryTarget;

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'koala-directory-'));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  await mkdir(join(work, 'objects'));
  said = [];
  options = { signal: new AbortController().signal, say: (line) => said.push(line), maySwitch: () => true };
  target = new DirectoryTarget({ name: 'production', directory: join(work, 'srv') });
});

/** A release of some files, whose contents are on the disk; `more` are further entries. */
async function release(
  deployment: string,
  files: Record<string, string>,
  more: ListedEntry[] = [],
  user = 'ann',
): Promise<Release> {
  const directories = new Set(
    Object.keys(files)
      .map((path) => dirname(path))
      .filter((path) => path !== '.'),
  );
  const entries: ListedEntry[] = [...directories]
    .sort()
    .map((path) => ({ path, type: 'directory', mode: '755' }));
  for (const [path, text] of Object.entries(files)) {
    const content = join(work, 'objects', hash(text));
    await writeFile(content, text, { flag: 'wx', mode: 0o444 }).catch(() => {});
    await utimes(content, TIME, TIME);
    entries.push({ path, type: 'file', mode: '644', size: text.length, sha256: hash(text) });
  }
  const all = [...entries, ...more];
  return {
    ...{ user: user as UserId, project: 'site' as ProjectId, deployment: deployment as DeploymentId },
    ...{ repo: 'https://example.org/site.git', branch: 'main', commit: 'c'.repeat(40), createdAt: 0 },
    ...{ digest: hash(JSON.stringify(all)), entries: all, list: listOf(all) },
    contentOf: ({ sha256 = hash('one') }) => join(work, 'objects', sha256),
  };
}

const site = (user = 'ann') => join(work, 'srv', user, 'site');
const served = (place = 'current') => filesUnder(join(site(), place));
const releases = async () =>
  (await readdir(join(site(), 'releases'))).map((name) => name.replace(/-\w{16}$/, ''));

describe('a release', () => {
  it('is hard links of the contents, and nothing is served before it is', async () => {
    const one = await release('d1', { 'index.html': 'one', 'a/b.js': 'two' });
    await target.upload(one, options);
    await expect(readlink(join(site(), 'current'))).rejects.toThrow('ENOENT');
    await target.serve(one, 'current', options);
    expect(await served()).toEqual({ 'index.html': 'one', 'a/b.js': 'two' });
    const [content, file] = await Promise.all(
      [join(work, 'objects', hash('one')), join(site(), 'current/index.html')].map((path) => stat(path)),
    );
    expect([file?.ino, file?.mtimeMs]).toEqual([content?.ino, TIME * 1_000]);
    expect([await readlink(join(site(), 'current')), said]).toEqual([
      expect.stringMatching(/^releases\/d1-/),
      [],
    ]);
  });

  it('has links and hard links where they were, whatever a file is called', async () => {
    const more: ListedEntry[] = [
      { path: 'hard', type: 'hard_link', mode: '644', target: 'index.html' },
      { path: 'link', type: 'link', mode: '777', target: 'a' },
      { path_base64: Buffer.from('\xff\n', 'latin1').toString('base64'), type: 'directory', mode: '755' },
    ];
    const one = await release(
      'd1',
      { 'index.html': 'one', 'a/x': 'x', current: 'c', 'releases/d1': 'r' },
      more,
    );
    await target.serve(one, 'current', options);
    expect(await readlink(join(site(), 'current/link'))).toBe('a');
    const read = (name: string) => readFile(join(site(), 'current', name), 'utf8');
    expect(await Promise.all(['hard', 'current', 'releases/d1'].map(read))).toEqual(['one', 'c', 'r']);
    const names = await readdir(Buffer.from(join(site(), 'current')), 'buffer');
    expect(names.map((name) => name.toString('latin1'))).toContain('\xff\n');
  });

  it('is swapped for the next one, and back, also from another branch’s place', async () => {
    const [one, two] = [await release('d1', { a: 'one' }), await release('d2', { a: 'two' })];
    await target.serve(one, 'current', options);
    await target.serve(two, 'current', options);
    await target.serve(one, 'branches/next/current', options);
    expect([await served(), await served('branches/next/current')]).toEqual([{ a: 'two' }, { a: 'one' }]);
    await target.serve(one, 'current', options);
    expect(await served()).toEqual({ a: 'one' });
    expect((await readdir(site())).sort()).toEqual(['branches', 'current', 'releases']);
  });

  it('is uploaded anew to be served, if somebody has removed it', async () => {
    const one = await release('d1', { a: 'one' });
    await target.upload(one, options);
    await rm(join(site(), 'releases'), { recursive: true });
    await target.serve(one, 'current', options);
    expect(await served()).toEqual({ a: 'one' });
  });

  it('is in a directory of its user’s, whatever that is called', async () => {
    for (const user of ['..', 'a/b', '.', 'x'.repeat(300)])
      await target.serve(await release('d1', { a: user }, [], user), 'current', options);
    const names = (await readdir(join(work, 'srv'))).map((name) => name.slice(0, 101));
    expect(names.sort()).toEqual(['%2E', '%2E%2E', 'a%2Fb', `${'x'.repeat(100)}~`]);
    expect(await readdir(work)).toEqual(['objects', 'srv']);
  });
});

it.each<[string, ListedEntry[]]>([
  ['a name that goes up', [{ path: '../x', type: 'directory', mode: '755' }]],
  ['an absolute name', [{ path: '/x', type: 'directory', mode: '755' }]],
  ['a link that leads out', [{ path: 'x', type: 'link', mode: '777', target: '../../x' }]],
  ['an absolute link', [{ path: 'x', type: 'link', mode: '777', target: '/etc' }]],
  [
    'a file behind a link',
    [
      { path: 'x', type: 'link', mode: '777', target: '.' },
      { path: 'x/y', type: 'directory', mode: '755' },
    ],
  ],
  ['a hard link to nothing', [{ path: 'x', type: 'hard_link', mode: '644', target: 'y' }]],
  ['two entries of one name', [{ path: 'a', type: 'directory', mode: '755' }]],
])('of an artifact with %s, nothing is made', async (_, more) => {
  const one = await release('d1', { a: 'one' }, more);
  await expect(target.upload(one, options)).rejects.toMatchObject({ kind: 'conflict' });
  expect(await readdir(join(site(), 'releases'))).toEqual([]);
});

describe('what cannot be done', () => {
  it('is said without a path, and leaves nothing', async () => {
    await writeFile(join(work, 'srv'), 'a file');
    const one = await release('d1', { a: 'one' });
    const failed = target.upload(one, options);
    await expect(failed).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/^the target production cannot be written: [^/]*$/),
    });
  });

  it('is to serve from where somebody has made a directory', async () => {
    const one = await release('d1', { a: 'one' });
    await mkdir(join(site(), 'current'), { recursive: true });
    await expect(target.serve(one, 'current', options)).rejects.toThrow('cannot be written');
    expect((await readdir(site())).sort()).toEqual(['current', 'releases']);
  });

  it('is to release what has lost a content', async () => {
    const one = await release('d1', { a: 'one', b: 'two' });
    await rm(join(work, 'objects', hash('two')));
    await expect(target.upload(one, options)).rejects.toMatchObject({
      kind: 'conflict',
      remedy: 'Run the job again.',
    });
    expect(await releases()).toEqual([]);
  });

  it('is to switch once another process may', async () => {
    const [one, two] = [await release('d1', { a: 'one' }), await release('d2', { a: 'two' })];
    await target.serve(one, 'current', options);
    await expect(target.serve(two, 'current', { ...options, maySwitch: () => false })).rejects.toThrow();
    const stopped = { ...options, signal: AbortSignal.abort() };
    await expect(target.serve(two, 'current', stopped)).rejects.toThrow('abort');
    expect(await served()).toEqual({ a: 'one' });
  });
});

it('a first serve is undone: nothing is served, or what koalaci did not know of', async () => {
  const one = await release('d1', { a: 'one' });
  await target.serve(one, 'current', options);
  await target.withdraw(one, 'current', options);
  expect(await readdir(site())).toEqual(['releases']);
  await mkdir(join(site(), 'mine'));
  await symlink('mine', join(site(), 'current'));
  await target.serve(one, 'current', options);
  await target.withdraw(one, 'current', options);
  expect(await readlink(join(site(), 'current'))).toBe('mine');
});

it('keeps what is served and what is to be kept, and removes the rest', async () => {
  const all = await Promise.all(['d1', 'd2', 'd3', 'd4'].map((id) => release(id, { a: id })));
  for (const one of all) await target.serve(one, 'current', options);
  const [first, second, third, fourth] = all as [Release, Release, Release, Release];
  await target.serve(third, 'branches/next/current', options);
  const killed = join(site(), 'releases', '.killed');
  for (const path of [killed, join(site(), 'releases', '.young')]) await mkdir(path);
  await utimes(killed, TIME, TIME);
  await target.tidy(first, [second]);
  await until(async () => (await releases()).sort().join() === '.young,d2,d3,d4');
  expect(await served()).toEqual({ a: fourth.deployment });
});

it('is checked: what it is, or why it cannot be written', async () => {
  expect(await target.check(join(work, 'objects'))).toBe(`${join(work, 'srv')}, by hard links`);
  expect(await target.check('/proc')).toMatch(/copied: it is on another disk/);
  await rm(join(work, 'srv'), { recursive: true });
  await writeFile(join(work, 'srv'), '');
  await chmod(join(work, 'srv'), 0o600);
  await expect(target.check(work)).rejects.toThrow('cannot be written');
});

it('copies what cannot be linked, with its time and its mode, and says so once', async () => {
  const elsewhere = await mkdtemp('/dev/shm/koala-directory-');
  onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
  const other = new DirectoryTarget({ name: 'other', directory: elsewhere });
  const one = await release('d1', { 'index.html': 'one', 'a/b.js': 'two' });
  await other.serve(one, 'current', options);
  const current = join(elsewhere, 'ann/site/current');
  expect(await readFile(join(current, 'a/b.js'), 'utf8')).toBe('two');
  const { mode, mtimeMs } = await stat(join(current, 'index.html'));
  expect([mode & 0o777, mtimeMs]).toEqual([0o444, TIME * 1_000]);
  expect(said).toEqual([expect.stringContaining('copied, not linked')]);
});
