import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Packer, type PackOptions } from '../../../src/artifact/packer.js';
import { filesIn, sha256 } from '../../support/artifact.js';

let work: string;
let dist: string;
let file: string;

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'koala-packer-'));
  [dist, file] = [join(work, 'dist'), join(work, 'out', 'd1.tar.gz')];
  await mkdir(join(work, 'out'));
  await mkdir(dist);
});
afterEach(() => rm(work, { recursive: true, force: true }));

const options = (more: Partial<PackOptions> = {}) => ({
  file,
  limit: 1 << 20,
  time: 1_700_000_000,
  mayPublish: async () => true,
  ...more,
});

/** A packer that has been given the dist directory as a tar, in pieces. */
async function packerOf(more: Partial<PackOptions> = {}, pieces = 1_000): Promise<Packer> {
  const packer = new Packer(options(more));
  const tar = await create({ cwd: dist }, ['.']).concat();
  for (let at = 0; at < tar.length; at += pieces) packer.write(tar.subarray(at, at + pieces));
  return packer;
}

const placed = () => readdir(join(work, 'out'));

it('says what it packed, and the archive has it', async () => {
  await writeFile(join(dist, 'a.txt'), 'one');
  await writeFile(join(dist, 'b.txt'), 'four');
  const packer = await packerOf();
  expect(await packer.close()).toMatchObject({
    files: 2,
    bytes: 7,
    sha256: await sha256(file),
    leftOut: [],
  });
  expect(await filesIn(file)).toEqual({ 'a.txt': 'one', 'b.txt': 'four' });
  expect(await placed()).toEqual(['d1.tar.gz']);
});

it('makes the same bytes of the same files, whenever they were written and however they arrive', async () => {
  await writeFile(join(dist, 'a.txt'), 'x'.repeat(100_000));
  await (await packerOf()).close();
  const first = await sha256(file);
  await utimes(join(dist, 'a.txt'), 1, 1);
  await (await packerOf({}, 77)).close();
  expect(await sha256(file)).toBe(first);
  await (await packerOf({ time: 1_700_000_001 })).close();
  expect(await sha256(file)).not.toBe(first);
});

it('leaves out what leads out, and says so; git’s own goes without a word', async () => {
  await mkdir(join(dist, '.git'));
  await writeFile(join(dist, '.git/config'), 'x');
  await writeFile(join(dist, 'a.txt'), 'one');
  await symlink('/etc/passwd', join(dist, 'out'));
  const packed = await (await packerOf()).close();
  expect(packed).toMatchObject({ files: 1, leftOut: ['out (a link that leads out of the dist directory)'] });
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
  expect(packer.leftOut).toHaveLength(2);
  await packer.abort();
});

it.each([
  ['more than its limit', 'x'.repeat(2_000), { reason: 'artifact_limit', step: 'artifact' }],
  ['nothing', undefined, { reason: 'dist_missing', message: 'the dist directory is empty' }],
])('publishes no artifact of %s', async (_, content, cause) => {
  if (content) await writeFile(join(dist, 'big'), content);
  const packer = await packerOf({ limit: 1_000 });
  expect(await packer.close()).toMatchObject(cause);
  await packer.abort();
  expect(await placed()).toEqual([]);
});

it('publishes nothing for a runner that has lost the job', async () => {
  await writeFile(join(dist, 'a.txt'), 'one');
  const packer = await packerOf({ mayPublish: async () => false });
  await expect(packer.close()).rejects.toThrow('another runner');
  await packer.abort();
  expect(await placed()).toEqual([]);
});

it('leaves nothing behind when it is given up in the middle', async () => {
  await writeFile(join(dist, 'a.txt'), 'one');
  await (await packerOf()).abort();
  expect(await placed()).toEqual([]);
});
