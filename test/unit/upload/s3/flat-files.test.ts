import { describe, expect, it } from 'vitest';
import type { ListedEntry } from '../../../../src/artifact/listing.js';
import { flatFiles } from '../../../../src/upload/s3/flat-files.js';

const file = (path: string): ListedEntry => ({
  path,
  type: 'file',
  mode: '644',
  size: 1,
  sha256: `of ${path}`,
});
const directory = (path: string): ListedEntry => ({ path, type: 'directory', mode: '755' });
const link = (path: string, target: string): ListedEntry => ({ path, type: 'link', mode: '777', target });
const hardLink = (path: string, target: string): ListedEntry => ({
  ...{ path, type: 'hard_link', mode: '644', target },
});

/** Path → whose content it has, and what was said. */
function flat(entries: ListedEntry[]) {
  const said: string[] = [];
  const files = flatFiles(entries, (line) => said.push(line));
  return { files: Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256])), said };
}

describe('links', () => {
  it('are the files that they lead to', () => {
    const { files } = flat([
      directory('a'),
      file('a/one'),
      link('a/two', 'one'),
      link('three', 'a/two'),
      hardLink('four', 'a/one'),
    ]);
    expect(files).toEqual({
      ...{ 'a/one': 'of a/one', 'a/two': 'of a/one', three: 'of a/one', four: 'of a/one' },
    });
  });

  it('to directories are all files of these, and what is in them is found through them', () => {
    const { files } = flat([
      ...[directory('a'), directory('a/b'), file('a/b/one'), file('top')],
      ...[link('c', 'a'), link('d', 'c/b/one'), link('a/up', '../top')],
    ]);
    expect(Object.keys(files).sort()).toEqual(['a/b/one', 'a/up', 'c/b/one', 'c/up', 'd', 'top']);
    expect(files.d).toBe('of a/b/one');
    expect(files['c/up']).toBe('of top');
  });

  it('that lead to nothing, out or around in a circle are left out, which is said', () => {
    const { files, said } = flat([
      ...[file('a'), directory('d'), link('d/self', '../d'), link('d/whole', '..')],
      ...[link('x', 'y'), link('y', 'x'), link('gone', 'nothing'), link('out', '../etc/passwd')],
      link('through', 'a/b'),
    ]);
    expect(files).toEqual({ a: 'of a' });
    expect(said.sort()).toEqual([
      'd/self is left out: the link leads to itself',
      'd/whole is left out: the link leads to itself',
      'gone is left out: the link leads to nothing',
      'out is left out: the link leads to nothing',
      'through is left out: the link leads to nothing',
      'x is left out: the link leads to nothing',
      'y is left out: the link leads to nothing',
    ]);
  });

  it('to directories with such links have an end', () => {
    const floors = Array.from({ length: 30 }, (_, floor) => [
      directory(`f${floor}`),
      link(`f${floor}/a`, `../f${floor + 1}`),
      link(`f${floor}/b`, `../f${floor + 1}`),
    ]);
    const endless = [...floors.flat(), directory('f30')];
    expect(() => flat(endless)).toThrow('would add over');
  });
});

it('has names that objects in JavaScript have', () => {
  const { files } = flat([file('constructor'), directory('toString'), file('toString/__proto__x')]);
  expect(Object.keys(files)).toEqual(['constructor', 'toString/__proto__x']);
});

it('refuses names that are not UTF-8, which no key can be', () => {
  const entry: ListedEntry = { path_base64: '/2E=', type: 'file', mode: '644', size: 1, sha256: 'x' };
  expect(() => flat([entry])).toThrow('the name ÿa is not UTF-8');
});
