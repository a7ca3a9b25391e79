import { createHash } from 'node:crypto';
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { list } from 'tar';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ArtifactLimits } from '../../../src/artifact/limits.js';
import { linesOf } from '../../../src/artifact/pack-answer.js';
import type { PackOptions } from '../../../src/artifact/pack-options.js';
import { Packer } from '../../../src/artifact/packer.js';
import { filesIn, sha256 } from '../../support/artifact.js';
import { tarOf } from '../../support/tar.js';

let work: string;
let dist: string;
let file: string;
let lists = 0;

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'koala-packer-'));
  [dist, file] = [join(work, 'dist'), join(work, 'out', 'd1.tar.gz')];
  await mkdir(join(work, 'out'));
  await mkdir(dist);
});
afterEach(() => rm(work, { recursive: true, force: true }));

const LIMITS = { bytes: 1 << 20, entries: 100, path: 100, depth: 10 };
const options = (limits: Partial<ArtifactLimits>, time: number): PackOptions => ({
  file,
  list: join(work, `list-${++lists}`),
  objects: { directory: join(work, 'objects'), partial: join(work, 'partial-object') },
  limits: { ...LIMITS, ...limits },
  time,
  secrets: [],
});

/** A packer that has been given the dist directory as a tar, in pieces. */
async function packerOf(
  limits: Partial<ArtifactLimits> = {},
  { pieces = 1_000, time = 1_700_000_000 } = {},
): Promise<Packer> {
  const packer = new Packer(options(limits, time));
  const tar = await tarOf(dist);
  for (let at = 0; at < tar.length; at += pieces) packer.write(tar.subarray(at, at + pieces));
  return packer;
}

const placed = () => readdir(join(work, 'out'));

it('says what it packed, and the archive has it', async () => {
  await writeFile(join(dist, 'a.txt'), 'one');
  await writeFile(join(dist, 'b.txt'), 'four');
  const packer = await packerOf();
  expect(await packer.close()).toMatchObject({ files: 2, bytes: 7, sha256: await sha256(file) });
  expect(linesOf(packer.noted)).toEqual([]);
  expect(await filesIn(file)).toEqual({ 'a.txt': 'one', 'b.txt': 'four' });
  expect(await placed()).toEqual(['d1.tar.gz']);
});

it('makes the same bytes of the same files, whenever they were written and however they arrive', async () => {
  await writeFile(join(dist, 'a.txt'), 'x'.repeat(100_000));
  await (await packerOf()).close();
  const first = await sha256(file);
  await utimes(join(dist, 'a.txt'), 1, 1);
  await rm(file);
  await (await packerOf({}, { pieces: 77 })).close();
  expect(await sha256(file)).toBe(first);
  await rm(file);
  await (await packerOf({}, { time: 1_700_000_001 })).close();
  expect(await sha256(file)).not.toBe(first);
});

it('leaves out what leads out, and says so; git’s own goes without a word', async () => {
  await mkdir(join(dist, '.git'));
  await writeFile(join(dist, '.git/config'), 'x');
  await writeFile(join(dist, 'a.txt'), 'one');
  await symlink('/etc/passwd', join(dist, 'out'));
  const packer = await packerOf();
  expect(await packer.close()).toMatchObject({ files: 1 });
  expect(linesOf(packer.noted)).toEqual([
    'left out of the artifact: out (a link that leads out of the dist directory)',
  ]);
  expect(await filesIn(file)).toEqual({ 'a.txt': 'one' });
});

it('says what it left out, where that is all there is', async () => {
  await symlink('/etc/passwd', join(dist, 'a'));
  await symlink('/etc/hosts', join(dist, 'b'));
  const packer = await packerOf();
  expect(await packer.close()).toMatchObject({
    reason: 'dist_missing',
    message: expect.stringMatching(/left out a \(a link that leads out of the dist directory\) and 1 more$/),
  });
  expect(packer.noted.leftOut.count).toBe(2);
  await packer.abort();
});

it.each<[string, Partial<ArtifactLimits>, RegExp]>([
  ['bytes', { bytes: 1_000 }, /more than 1000 B/],
  ['entries', { entries: 4 }, /more than 4 files, directories and links/],
  ['bytes in a path', { path: 10 }, /a path of more than 10 bytes/],
  ['directories inside each other', { depth: 2 }, /more than 2 deep/],
])('makes no artifact with more %s than allowed, and says which limit that is', async (_, limits, message) => {
  await mkdir(join(dist, 'a/b/c'), { recursive: true });
  await writeFile(join(dist, 'a/b/c/long-name'), 'x'.repeat(2_000));
  expect(await (await packerOf()).close()).toMatchObject({ files: 1 });
  await rm(file);
  const packer = await packerOf(limits);
  const cause = await packer.close();
  expect(cause).toMatchObject({ reason: 'artifact_limit', step: 'artifact' });
  expect(cause).toMatchObject({ message: expect.stringMatching(message), remedy: /KOALACI_ARTIFACT_/ });
  await packer.abort();
  expect(await placed()).toEqual([]);
});

it('makes none of nothing', async () => {
  const packer = await packerOf();
  expect(await packer.close()).toMatchObject({
    reason: 'dist_missing',
    message: 'the dist directory is empty',
  });
  await packer.abort();
  expect(await placed()).toEqual([]);
});

it('makes none of half a tar', async () => {
  await writeFile(join(dist, 'a.txt'), 'one');
  const packer = new Packer(options({}, 0));
  packer.write((await tarOf(dist)).subarray(0, 1_024));
  await expect(packer.close()).rejects.toThrow('no end');
  await packer.abort();
  expect(await placed()).toEqual([]);
});

it('refuses a size before the content comes', async () => {
  await writeFile(join(dist, 'a.txt'), '');
  await truncate(join(dist, 'a.txt'), 1024 ** 4);
  const packer = new Packer(options({}, 0));
  packer.write(await tarOf(dist, 1_536));
  expect(packer.cause).toMatchObject({ reason: 'artifact_limit' });
  await packer.abort();
});

it('keeps hard links, and writes links last', async () => {
  await writeFile(join(dist, 'b'), 'x');
  await link(join(dist, 'b'), join(dist, 'c'));
  await symlink('b', join(dist, 'a'));
  await (await packerOf()).close();
  const entries: string[] = [];
  await list({
    file,
    onReadEntry: ({ type, path, linkpath }) => entries.push(`${type} ${path} ${linkpath ?? ''}`),
  });
  expect(entries).toEqual(['File b ', 'Link c b', 'SymbolicLink a b']);
});

it('keeps names that differ by case or are not UTF-8, and says so', async () => {
  await writeFile(join(dist, 'a'), '1');
  await writeFile(join(dist, 'A'), '2');
  for (const byte of [0xe8, 0xe9]) await writeFile(Buffer.from([...Buffer.from(`${dist}/x`), byte]), '');
  const packer = await packerOf();
  expect(await packer.close()).toMatchObject({ files: 4 });
  expect(linesOf(packer.noted)).toEqual([
    expect.stringMatching(/differ.*: a, x\\xe9$/),
    expect.stringMatching(/not UTF-8.*: x\\xe8, x\\xe9$/),
  ]);
});

it('says little of much', async () => {
  await writeFile(join(dist, 'a'), '');
  for (let at = 0; at < 60; at++) await symlink('/etc', join(dist, `${at}${'x'.repeat(90)}`));
  const packer = await packerOf();
  await packer.close();
  expect(linesOf(packer.noted)).toHaveLength(21);
  expect(linesOf(packer.noted).at(-1)).toBe('left out of the artifact: 40 more');
});

it('says which secrets are in what it packed, and nothing of what it left out', async () => {
  await mkdir(join(dist, '.git'));
  await writeFile(join(dist, '.git/config'), 'geheimnis-1');
  await writeFile(join(dist, 'a.js'), `${'x\n'.repeat(1_000)}geheimnis-2`);
  await symlink('a.js', join(dist, 'geheimnis-3'));
  const packer = new Packer({ ...options({}, 0), secrets: ['geheimnis-1', 'geheimnis-2', 'geheimnis-3'] });
  const tar = await tarOf(dist);
  for (let at = 0; at < tar.length; at += 100) packer.write(tar.subarray(at, at + 100));
  // Before the archive is complete.
  expect(packer.findings).toEqual([
    { secret: 1, path: 'a.js', line: 1_001 },
    { secret: 2, path: '***' },
  ]);
  expect(await packer.close()).toMatchObject({ files: 2 });
});

it('leaves nothing behind when it is given up in the middle', async () => {
  await writeFile(join(dist, 'a.txt'), 'one');
  await (await packerOf()).abort();
  expect(await placed()).toEqual([]);
});

it('lists each entry as it is in the archive, with its hash, whatever its name is', async () => {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  await mkdir(join(dist, 'a'));
  await writeFile(join(dist, 'a/run.sh'), 'x'.repeat(70_000), { mode: 0o755 });
  await writeFile(join(dist, 'empty'), '');
  await link(join(dist, 'a/run.sh'), join(dist, 'hard'));
  await symlink('a/run.sh', join(dist, 'soft'));
  await writeFile(Buffer.concat([Buffer.from(`${dist}/z`), Buffer.from([0xff])]), 'raw');
  await (await packerOf({ bytes: 1 << 20 })).close();
  const list = JSON.parse(`[${await readFile(join(work, `list-${lists}`), 'utf8')}]`);
  expect(list).toEqual([
    { path: 'a', type: 'directory', mode: '755' },
    { path: 'a/run.sh', type: 'file', mode: '755', size: 70_000, sha256: hash('x'.repeat(70_000)) },
    { path: 'empty', type: 'file', mode: '644', size: 0, sha256: hash('') },
    { path: 'hard', type: 'hard_link', mode: '755', target: 'a/run.sh' },
    { path_base64: 'ev8=', type: 'file', mode: '644', size: 3, sha256: hash('raw') },
    { path: 'soft', type: 'link', mode: '777', target: 'a/run.sh' },
  ]);
});
