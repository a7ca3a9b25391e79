import { Header, ReadEntry } from 'tar';
import { describe, expect, it } from 'vitest';
import { headOf, normal, whyLeftOut } from '../../../src/artifact/entries.js';

type Fields = ConstructorParameters<typeof Header>[0];

/** An entry as a parser reads it. */
function entry(fields: Exclude<Fields, Buffer | undefined>): ReadEntry {
  const { path = 'x' } = fields;
  const header = new Header({ type: 'File', size: 0, mode: 0o644, ...fields, path });
  header.encode();
  return new ReadEntry(new Header(header.block));
}

const link = (path: string, linkpath: string) => entry({ path, type: 'SymbolicLink', linkpath });
const hardLink = (linkpath: string) => entry({ path: 'b', type: 'Link', linkpath });

it.each([
  ['./a/b/', 'a/b'],
  ['a//b/./c', 'a/b/c'],
  ['./', '.'],
])('%s is in short %s', (path, short) => {
  expect(normal(path)).toBe(short);
});

describe('what belongs into the artifact', () => {
  it.each([
    ['a file', entry({ path: 'a' }), 'a'],
    ['a directory', entry({ path: 'a/', type: 'Directory' }), 'a'],
    ['a file whose name begins as .git does', entry({ path: '.gitkeep' }), '.gitkeep'],
    ['a link to its neighbour', link('a/b', 'c'), 'a/b'],
    ['a link that goes up, and stays inside', link('a/b', '../c'), 'a/b'],
    ['a hard link to what is in it', hardLink('./in'), 'b'],
  ])('is %s', (_, found, path) => {
    expect(whyLeftOut(found, path, new Set(['in']))).toBeUndefined();
  });

  it.each([
    ['git’s own directory, without a word', entry({ path: '.git/config' }), '.git/config', /^$/],
    ['the second file of a name', entry({ path: 'in' }), 'in', /same name/],
    ['an absolute link', link('a', '/etc/passwd'), 'a', /leads out/],
    ['a link to the directory above', link('a', '..'), 'a', /leads out/],
    ['a link that goes up too far', link('a/b', '../../c'), 'a/b', /leads out/],
    ['a hard link to what is left out', hardLink('out'), 'b', /hard link/],
    ['a pipe', entry({ path: 'a', type: 'FIFO' }), 'a', /neither/],
    ['a device', entry({ path: 'a', type: 'CharacterDevice' }), 'a', /neither/],
  ])('is not %s', (_, found, path, why) => {
    expect(whyLeftOut(found, path, new Set(['in']))).toMatch(why);
  });
});

describe('the header of an entry', () => {
  const read = (bytes: Buffer) => new Header(bytes.subarray(-512));

  it('has the time of the commit, nobody’s name, and no special bits', () => {
    const found = entry({ path: 'a', mode: 0o4700, uid: 1000, gid: 1000, uname: 'ann', mtime: new Date() });
    const { mode, mtime, uid, gid, uname } = read(headOf(found, 'a', 1_700_000_000));
    expect({ mode, mtime }).toEqual({ mode: 0o744, mtime: new Date(1_700_000_000_000) });
    expect([uid, gid, uname].filter(Boolean)).toEqual([]);
  });

  it('lets everybody enter a directory', () => {
    const { mode, path } = read(headOf(entry({ path: 'a/', type: 'Directory', mode: 0o700 }), 'a', 0));
    expect({ mode, path }).toEqual({ mode: 0o755, path: 'a/' });
  });

  it('has another before it for a long name', () => {
    const long = `${'d'.repeat(120)}/${'e'.repeat(120)}`;
    expect(headOf(entry({ path: 'a' }), 'a', 0)).toHaveLength(512);
    expect(headOf(entry({ path: 'a' }), long, 0).toString('latin1')).toContain(`path=${long}\n`);
  });
});
