import { Header, list, type ReadEntry } from 'tar';
import { expect, it } from 'vitest';
import { headOf, isUtf8 } from '../../../src/artifact/tar-header.js';
import type { TarEntry } from '../../../src/artifact/tar-reader.js';

const entry = (fields: Partial<TarEntry>): TarEntry => ({
  ...{ type: '0', path: 'a', target: '', size: 0, mode: 0o644 },
  ...fields,
});

/** An entry as a tool reads it that knows long names, and as one does that does not. */
async function readBack(fields: Partial<TarEntry>) {
  const head = headOf(entry(fields), 1_700_000_000);
  const read: ReadEntry[] = [];
  const parser = list({ onReadEntry: (one: ReadEntry) => read.push(one) });
  parser.end(Buffer.concat([head, Buffer.alloc(1_024)]));
  return { read: read[0], plain: new Header(head.subarray(-512)), blocks: head.length / 512 };
}

it('has the time of the commit, nobody’s name, and no special bits', async () => {
  const { plain } = await readBack({ mode: 0o4700 });
  const { mode, mtime, uid, gid, uname } = plain;
  expect({ mode, mtime }).toEqual({ mode: 0o744, mtime: new Date(1_700_000_000_000) });
  expect([uid, gid, uname].filter(Boolean)).toEqual([]);
});

it.each([
  [-5, 0],
  [Number.NaN, 0],
  [1e20, 8 ** 11 - 1],
])('makes of the time %d, which a commit may have, %d', (time, written) => {
  const { mtime, cksumValid } = new Header(headOf(entry({}), time));
  expect({ mtime, cksumValid }).toEqual({ mtime: new Date(written * 1000), cksumValid: true });
});

it('lets everybody enter a directory', async () => {
  const { mode, path } = (await readBack({ type: '5', mode: 0o700 })).plain;
  expect({ mode, path }).toEqual({ mode: 0o755, path: 'a/' });
});

it.each([
  ['100 bytes', 'x'.repeat(100), 1],
  ['a directory and a name that fit', `${'d'.repeat(120)}/${'e'.repeat(90)}`, 1],
  ['more than fits', `${'d'.repeat(160)}/${'e'.repeat(90)}`, 3],
  ['one long name', 'x'.repeat(101), 3],
])('holds a path of %s', async (_, path, blocks) => {
  expect(await readBack({ path })).toMatchObject({ read: { path, type: 'File' }, blocks });
});

it('holds a long path with a line end, or that is not UTF-8', async () => {
  for (const path of [`a/\n${'x'.repeat(200)}`, `a/\xff${'x'.repeat(200)}`])
    expect((await readBack({ type: '2', path, target: '../y' })).read?.path).toMatch(/^a\/.x{200}$/s);
});

it('holds a long target', async () => {
  expect((await readBack({ type: '2', target: 't'.repeat(500) })).read?.linkpath).toBe('t'.repeat(500));
});

it('holds a size that eleven digits do not', async () => {
  expect((await readBack({ size: 10 * 1024 ** 3 })).read?.size).toBe(10 * 1024 ** 3);
});

it.each([
  '1',
  '2',
])('leads nowhere for a tool that does not know long names: a link of type %s', async (type) => {
  const { plain } = await readBack({ type, path: `a/b/${'x'.repeat(200)}`, target: '../../x' });
  expect(plain.linkpath).toBe('.');
});

it('knows UTF-8', () => {
  expect(['a', 'caf\xc3\xa9', 'caf\xe9', '\xff'].map(isUtf8)).toEqual([true, true, false, false]);
});
