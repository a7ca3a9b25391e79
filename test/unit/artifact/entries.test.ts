import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depthOf, Entries, inner } from '../../../src/artifact/entries.js';
import type { TarEntry } from '../../../src/artifact/tar-reader.js';

const entry = (type: string, path: string, target = ''): TarEntry => ({
  type,
  path,
  target,
  size: 0,
  mode: 0o644,
});
const file = (path: string) => entry('0', path);
const directory = (path: string) => entry('5', path);
const link = (path: string, target: string) => entry('2', path, target);
const hardLink = (path: string, target: string) => entry('1', path, target);

/** What is said of an entry after the others. */
function said(one: TarEntry, before: TarEntry[] = []): string | undefined {
  const entries = new Entries();
  for (const earlier of before) expect(entries.admit(earlier).why).toBeUndefined();
  return entries.admit(one).why;
}

it.each([
  ['./a/b/', 'a/b'],
  ['a//b/./c', 'a/b/c'],
  ['./', ''],
  ['a/../b', 'a/../b'],
])('%s is in short %s', (path, short) => {
  expect(inner(path)).toBe(short);
});

it('counts the directories that a path is in', () => {
  expect(['a', 'a/b', 'a/b/c'].map(depthOf)).toEqual([0, 1, 2]);
});

const a = directory('a');
const ab = directory('a/b');

describe('what belongs into the artifact', () => {
  it.each<[string, TarEntry, TarEntry[]]>([
    ['a file', file('x'), []],
    ['a file whose name begins as .git does', file('.gitkeep'), []],
    ['a link to its neighbour', link('a/x', 'c'), [a]],
    ['a link that goes up, and stays inside', link('a/x', '../c'), [a]],
    ['a link to the top', link('a/b/x', './../../'), [a, ab]],
    ['a link through another one', link('x', 'y/z'), [link('y', 'a')]],
    ['a link to nothing', link('x', 'none/at/all'), []],
    ['a hard link to a file in it', hardLink('x', './y'), [file('y')]],
    ['a name with dots', file('..a..'), []],
    ['a name with a backslash', file('a\\b'), []],
  ])('is %s', (_, found, before) => {
    expect(said(found, before)).toBeUndefined();
  });

  it.each<[string, TarEntry, TarEntry[], RegExp]>([
    ['the dist directory itself, without a word', directory(''), [], /^$/],
    ['git’s own directory, without a word', file('.git/config'), [], /^$/],
    ['the second entry of a name', file('x'), [link('x', 'y')], /same name/],
    ['a second entry of a long name', file('x'.repeat(200)), [file('x'.repeat(200))], /same name/],
    ['a file in a link', file('x/y'), [a, link('x', 'a')], /directory that is left out/],
    ['a file in a directory that is not there', file('a/b/x'), [a], /directory that is left out/],
    ['a name that goes up', file('../x'), [], /name that leads out/],
    ['a name that goes up inside', file('a/../../x'), [a], /name that leads out/],
    ['a name that goes up on Windows', file('..\\x'), [], /name that leads out/],
    ['a name that is absolute on Windows', file('C:\\x'), [], /name that leads out/],
    ['an absolute link', link('x', '/etc/passwd'), [], /leads out/],
    ['an absolute link of Windows', link('x', 'C:/x'), [], /leads out/],
    ['a link to the directory above', link('x', '..'), [], /leads out/],
    ['a link that goes up too far', link('a/x', '../../c'), [a], /leads out/],
    ['a link that goes up too far on Windows', link('a/x', '..\\..\\c'), [a], /leads out/],
    ['a link that goes up after another one', link('x', 'y/../z'), [link('y', 'a')], /goes up again/],
    ['a link that goes up after nothing', link('x', 'none/../../z'), [], /goes up again/],
    ['a hard link to what is left out', hardLink('x', 'y'), [], /hard link/],
    ['a hard link to a link', hardLink('x', 'a/l'), [a, link('a/l', '../c')], /hard link/],
    ['a hard link to a directory', hardLink('x', 'a'), [a], /hard link/],
    ['a hard link that goes up', hardLink('x', '../y'), [file('y')], /hard link/],
    ['a pipe', entry('6', 'x'), [], /neither/],
    ['a device', entry('3', 'x'), [], /neither/],
  ])('is not %s', (_, found, before, why) => {
    expect(said(found, before)).toMatch(why);
  });
});

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

it.each([
  ['capitals', 'index.html', 'INDEX.html'],
  ['normalisation', utf8('caf\u00e9'), utf8('cafe\u0301')],
  ['letters that are two in capitals', utf8('straße'), 'STRASSE'],
  ['bytes that are not UTF-8', 'x\xe9', 'x\xe8'],
])('sees that names differ by %s only, whichever comes first', (_, one, other) => {
  for (const [first, second] of [
    [one, other],
    [other, one],
  ] as const) {
    const entries = new Entries();
    expect(entries.admit(file(first))).toEqual({ isAlike: false });
    expect(entries.admit(file(second))).toEqual({ isAlike: true });
  }
});

it.each([
  ['docs', 'Docs'],
  ['Docs', 'docs'],
  ['Docs', 'DOCS'],
])('leaves out a link %s beside a directory %s, whichever comes first', (name, other) => {
  for (const order of [
    [link(name, 'a'), directory(other)],
    [directory(other), link(name, 'a')],
  ]) {
    const entries = new Entries();
    for (const one of order) entries.admit(one);
    expect(entries.whyLinkLeftOut(name)).toMatch(/case only/);
  }
});

it('does not leave out a link for itself, or beside a file', () => {
  const entries = new Entries();
  for (const one of [link('docs', 'a'), file('Docs')]) entries.admit(one);
  expect(entries.whyLinkLeftOut('docs')).toBeUndefined();
});

describe('whatever the entries, what is unpacked', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'A');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const step = fc.constantFrom('a', 'b', 'c', '..', '.', '');
  const target = fc.array(step, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/') || '/');
  const any = fc.oneof(
    path.map(directory),
    path.map(file),
    fc.tuple(path, target).map(([p, t]) => link(p, t)),
  );

  it('never leads out: no walk along its links leaves the top', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 25 }), fc.array(step, { maxLength: 6 }), (all, walk) => {
        const entries = new Entries();
        const kept = all.filter((one) => entries.admit(one).why === undefined);
        const tree = new Map(kept.map((one) => [one.path, one]));
        for (const one of kept) if (one.type === '2') expect(leaves(tree, one.path.split('/'))).toBe(false);
        expect(
          leaves(
            tree,
            walk.filter((part) => part !== '..'),
          ),
        ).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Whether a walk from the top, link by link as a kernel does it, ever goes above the top. */
function leaves(tree: Map<string, TarEntry>, walk: string[]): boolean {
  const todo = walk.slice();
  let at: string[] = [];
  for (let steps = 0; todo.length > 0 && steps < 200; steps++) {
    const part = todo.shift() as string;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.length === 0) return true;
      at = at.slice(0, -1);
      continue;
    }
    const found = tree.get([...at, part].join('/'));
    if (found?.type === '2') {
      if (found.target.startsWith('/')) return true;
      todo.unshift(...found.target.split('/'));
    } else if (found) at = [...at, part];
    else return false;
  }
  return false;
}
