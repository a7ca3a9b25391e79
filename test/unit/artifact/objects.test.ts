import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { appendFile, chmod, mkdtemp, readdir, rm, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ObjectWriter } from '../../../src/artifact/object-writer.js';
import { hasObject, objectPath, objectsOf, timePath } from '../../../src/artifact/objects.js';
import type { UserId } from '../../../src/job/identity.js';

let directory: string;
let partial: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'koala-objects-'));
  partial = join(directory, '.partial');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Stores a content, in pieces. Returns its key. */
function store(content: string | Buffer, mode = '644', pieces = 100_000) {
  const bytes = Buffer.from(content);
  const writer = new ObjectWriter({ directory, partial });
  for (let at = 0; at < bytes.length; at += pieces) writer.data(bytes.subarray(at, at + pieces));
  const key = { sha256: createHash('sha256').update(bytes).digest('hex'), mode };
  writer.end(key);
  return { ...key, size: bytes.length };
}
const pathOf = (key: { sha256: string; mode: string }) => objectPath(directory, key);
const inodeOf = (key: { sha256: string; mode: string }) => statSync(pathOf(key)).ino;

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a small file', Buffer.from('<h1>Hi</h1>')],
  ['a large one', Buffer.alloc(3 * 1024 ** 2, 'large')],
])('keeps %s as a file that nobody writes, once', (_, content) => {
  const key = store(content);
  expect(readFileSync(pathOf(key)).equals(content)).toBe(true);
  expect(statSync(pathOf(key)).mode & 0o777).toBe(0o444);
  const inode = inodeOf(key);
  store(content);
  expect(inodeOf(key)).toBe(inode);
  expect(existsSync(partial)).toBe(false);
});

it('keeps a content of two modes twice: a hard link has the mode of its object', () => {
  const [plain, program] = [store('#!/bin/sh'), store('#!/bin/sh', '755')];
  expect(inodeOf(plain)).not.toBe(inodeOf(program));
  expect(statSync(pathOf(program)).mode & 0o777).toBe(0o555);
});

it('gives contents of one size different times, in whole seconds of the past: ETags are made of them', () => {
  const before = Math.trunc(Date.now() / 1_000);
  const keys = Array.from({ length: 300 }, (_, n) => store(`page ${String(n).padStart(4, '0')}`));
  const times = keys.map((key) => statSync(pathOf(key)).mtimeMs / 1_000);
  expect(new Set(times).size).toBe(300);
  expect(times.filter((time) => !Number.isInteger(time) || time > Date.now() / 1_000)).toEqual([]);
  expect(Math.min(...times)).toBeGreaterThan(before - 100_000);
});

it('keeps the time at which a content was stored first', async () => {
  const key = store('page');
  await utimes(pathOf(key), 0, 1_000_000);
  store('page');
  expect(statSync(pathOf(key)).mtimeMs).toBe(1_000_000_000);
});

it.each<[string, (path: string) => Promise<void>]>([
  ['is longer', (path) => appendFile(path, 'x')],
  ['is shorter', (path) => truncate(path, 2)],
  ['was written to', (path) => appendFile(path, '')],
  ['can be written', (path) => chmod(path, 0o644)],
  ['is gone', (path) => rm(path)],
])('replaces an object that %s', async (_, damage) => {
  const key = store('content');
  await chmod(pathOf(key), 0o644);
  await damage(pathOf(key));
  expect(hasObject(directory, key)).toBe(false);
  store('content');
  expect(readFileSync(pathOf(key), 'utf8')).toBe('content');
  expect(hasObject(directory, key)).toBe(true);
});

it('has a second name for each object, until a prune takes both', async () => {
  const key = store('content');
  expect(statSync(timePath(directory, statSync(pathOf(key)))).ino).toBe(inodeOf(key));
  expect(await readdir(join(directory, 'times'))).toHaveLength(1);
});

it('leaves nothing of a content that stopped in its middle', () => {
  const writer = new ObjectWriter({ directory, partial });
  writer.data(Buffer.alloc(2 * 1024 ** 2));
  expect(existsSync(partial)).toBe(true);
  writer.abort();
  expect(existsSync(partial)).toBe(false);
});

it('never mixes the objects of two users', () => {
  const users = ['ann', 'ANN', 'a/nn', 'a%2Fnn', '..', '.', 'x'.repeat(300), 'x'.repeat(301)] as UserId[];
  const places = users.map((user) => objectsOf('/objects', user));
  expect(new Set(places).size).toBe(users.length);
  for (const place of places) expect(place).toMatch(/^\/objects\/[^/]*[^/.][^/]*$/);
});
