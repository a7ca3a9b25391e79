import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TarEntry, TarReader } from '../../../src/artifact/tar-reader.js';
import { tarOf } from '../../support/tar.js';

let work: string;
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'koala-tar-'));
});
afterEach(() => rm(work, { recursive: true, force: true }));

/** What a reader says of a tar that comes in pieces. */
function read(tar: Buffer, { pieces = 512, mostName = 4096 } = {}) {
  const seen: (TarEntry & { content: string })[] = [];
  const sink = {
    entry: (entry: TarEntry) => void seen.push({ ...entry, content: '' }),
    data: (piece: Buffer) => {
      const last = seen.at(-1);
      if (last) last.content += piece.toString('latin1');
    },
  };
  const reader = new TarReader(sink, mostName);
  for (let at = 0; at < tar.length; at += pieces) reader.write(tar.subarray(at, at + pieces));
  return { seen, isComplete: reader.isComplete };
}

describe('what GNU tar writes', () => {
  it.each([1, 77, 512, 100_000])('is read in pieces of %i bytes', async (pieces) => {
    const long = `${'d'.repeat(200)}/${'e'.repeat(200)}`;
    await mkdir(join(work, 'd'.repeat(200)));
    await writeFile(join(work, long), 'x'.repeat(1_000), { mode: 0o640 });
    await symlink('t'.repeat(300), join(work, 'link'));
    await writeFile(join(work, 'empty'), '');
    const { seen, isComplete } = read(await tarOf(work), { pieces });
    expect(isComplete).toBe(true);
    expect(seen.map(({ type, path, target, content }) => [type, path, target, content])).toEqual([
      ['5', './', '', ''],
      ['5', `./${'d'.repeat(200)}/`, '', ''],
      ['0', `./${long}`, '', 'x'.repeat(1_000)],
      ['0', './empty', '', ''],
      ['2', './link', 't'.repeat(300), ''],
    ]);
    expect(seen[2]?.mode).toBe(0o640);
  });

  it('has names of bytes: two that are not UTF-8 stay two', async () => {
    for (const byte of [0xe8, 0xe9]) await writeFile(Buffer.from([...Buffer.from(`${work}/x`), byte]), '');
    const { seen } = read(await tarOf(work));
    expect(seen.map(({ path }) => path)).toEqual(['./', './x\xe8', './x\xe9']);
  });

  it('has sizes that eleven digits do not hold', async () => {
    await writeFile(join(work, 'large'), '');
    await truncate(join(work, 'large'), 20 * 1024 ** 3);
    expect(read(await tarOf(work, 1024)).seen.at(-1)?.size).toBe(20 * 1024 ** 3);
  });
});

it('holds no more of a name than shows that it is too long', async () => {
  await writeFile(join(work, 'x'.repeat(250)), '');
  const [, one] = read(await tarOf(work), { mostName: 150 }).seen;
  expect(one?.path).toBe(`./${'x'.repeat(149)}`);
});

it('reads nothing after the end', async () => {
  const tar = Buffer.concat([await tarOf(work), await tarOf(work)]);
  expect(read(tar).seen).toHaveLength(1);
});

it('knows that half a tar has no end', async () => {
  const tar = await tarOf(work);
  expect(read(tar.subarray(0, 512)).isComplete).toBe(false);
});

it.each([
  ['a changed byte', 0, 'y'],
  ['a size that is no number', 124, 'hello'],
  ['another type of entry', 156, 'x'],
])('refuses %s', async (_, at, text) => {
  const tar = await tarOf(work);
  tar.write(text, at, 'latin1');
  expect(() => read(tar)).toThrow(/tar/);
});
