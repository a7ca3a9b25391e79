// A tree that is made ahead of the release: what it becomes is what would have been made without it.
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { ListedEntry } from '../../../../src/artifact/listing.js';
import { DirectoryTarget } from '../../../../src/upload/directory/directory.js';
import { PreparedTree } from '../../../../src/upload/directory/prepared-tree.js';
import type { Release } from '../../../../src/upload/target.js';
import { filesUnder } from '../../../support/artifact.js';
import { releaseOf } from '../../../support/released.js';

const OPTIONS = { signal: new AbortController().signal, say: () => {} };
const PAGES = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, n) => [`${n % 7}/page-${n}.html`, `${n}`]),
);
let work: string;
let releases: string;
let target: DirectoryTarget;

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'koala-prepared-'));
  onTestFinished(() => rm(work, { recursive: true, force: true }));
  target = new DirectoryTarget({ name: 'web', directory: join(work, 'srv') });
  releases = join(work, 'srv', 'ann', 'site', 'releases');
});

const release = (files: Record<string, string>, more: ListedEntry[] = []) =>
  releaseOf(join(work, 'objects'), files, { more });

/** What a release becomes with a tree that was made of another one, and whether that was used. */
async function become(last: Release, next: Release) {
  const prepared = await target.prepare(last, OPTIONS);
  if (!prepared) throw new Error('nothing was prepared');
  const [hidden = ''] = await readdir(releases);
  const made = await stat(join(releases, hidden));
  await target.upload(next, { ...OPTIONS, prepared });
  await prepared[Symbol.asyncDispose]();
  const names = await readdir(releases);
  expect(names).toHaveLength(1);
  const path = join(releases, names[0] ?? '');
  return { path, files: await filesUnder(path), isUsed: (await stat(path)).ino === made.ino };
}

it('becomes a release in which some files are others, by their names or contents', async () => {
  const { '3/page-3.html': _, ...others } = PAGES;
  const next = { ...others, '4/page-4.html': 'changed', '5/new.html': 'new', 'top.html': 'top' };
  const { files, isUsed, path } = await become(await release(PAGES), await release(next));
  expect([files, isUsed]).toEqual([next, true]);
  const content = await stat(join(path, '5', 'new.html'));
  expect(content.nlink).toBe(2);
});

it.each<[string, Record<string, string>, ListedEntry[]]>([
  ['another directory is there', { 'new/page.html': 'page' }, []],
  ['a link is there', {}, [{ path: 'link', type: 'link', mode: '777', target: 'top.html' }]],
  ['most of it is new', Object.fromEntries(Object.keys(PAGES).map((path) => [path, `new ${path}`])), []],
])('is not used where %s', async (_, more, entries) => {
  const next = { ...PAGES, 'top.html': 'top', ...more };
  const { files, isUsed } = await become(await release(PAGES), await release(next, entries));
  expect(isUsed).toBe(false);
  expect(files).toMatchObject(next);
});

it('is not used where a content has two names by a hard link: its list does not say what that has', async () => {
  const linked: ListedEntry[] = [
    { path: 'copy.html', type: 'hard_link', mode: '644', target: '0/page-0.html' },
  ];
  const last = await release(PAGES, linked);
  const prepared = await PreparedTree.of({ ...last, contentOf: contentOf(last) }, releases, OPTIONS);
  const changed = await release({ ...PAGES, '0/page-0.html': 'changed' }, linked);
  await target.upload({ ...changed, contentOf: contentOf(changed) }, { ...OPTIONS, prepared });
  await prepared?.[Symbol.asyncDispose]();
  const [name = ''] = await readdir(releases);
  expect((await filesUnder(join(releases, name)))['copy.html']).toBe('changed');
});

it('refuses a name that leads out, as without it, and leaves nothing', async () => {
  const last = await release(PAGES);
  const next = await release(PAGES, [
    { path: '../out.html', type: 'file', mode: '644', size: 1, sha256: 'ab'.repeat(32) },
  ]);
  const prepared = await target.prepare(last, OPTIONS);
  await expect(target.upload(next, { ...OPTIONS, prepared })).rejects.toThrow(/cannot be released/);
  await prepared?.[Symbol.asyncDispose]();
  expect(await readdir(releases)).toEqual([]);
});

it('is made anew where somebody has removed what was prepared', async () => {
  const last = await release(PAGES);
  const prepared = await target.prepare(last, OPTIONS);
  const [hidden = ''] = await readdir(releases);
  await rm(join(releases, hidden), { recursive: true });
  const next = await release({ ...PAGES, 'top.html': 'top' });
  await target.upload(next, { ...OPTIONS, prepared });
  const [name = ''] = await readdir(releases);
  expect(await filesUnder(join(releases, name))).toEqual({ ...PAGES, 'top.html': 'top' });
});

it('is not made of few files, nor where it has been ended', async () => {
  expect(await target.prepare(await release({ 'index.html': 'one' }), OPTIONS)).toBeUndefined();
  await mkdir(releases, { recursive: true });
  await writeFile(join(work, 'srv', 'kept'), '');
  const signal = AbortSignal.abort();
  await target.prepare(await release(PAGES), { ...OPTIONS, signal }).catch(() => {});
  expect(await readdir(releases)).toHaveLength(0);
});

function contentOf(release: Release): Release['contentOf'] {
  const first = release.entries.find(({ path }) => path === '0/page-0.html');
  return (entry) => release.contentOf(entry.type === 'hard_link' && first ? first : entry);
}
