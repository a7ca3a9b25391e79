import { expect, it } from 'vitest';
import type { FlatFile } from '../../../../src/upload/s3/flat-files.js';
import { planOf, touchedBy } from '../../../../src/upload/s3/plan.js';

const DAY = 86_400_000;
const NOW = { now: 100 * DAY, keepMs: 7 * DAY };
const file = (path: string, sha256 = 'new'): FlatFile => ({
  ...{ path, sha256, size: 1 },
  entry: { path, type: 'file', mode: '644' },
});
const paths = (files: FlatFile[]) => files.map(({ path }) => path);

it('puts assets first, pages after what they name, and last what tells open pages that there are new ones', () => {
  const files = ['sw.js', 'index.html', 'style.css', 'main.8f3a2b1c.js', '_app/version.json', 'a/b.html'];
  const plan = planOf(
    files.map((path) => file(path)),
    new Map(),
    NOW,
  );
  expect(paths(plan.assets)).toEqual(['main.8f3a2b1c.js']);
  expect(plan.stages.map(paths)).toEqual([
    ['style.css'],
    ['index.html', 'a/b.html'],
    ['sw.js', '_app/version.json'],
  ]);
  expect([...plan.next.keys()].sort()).toEqual([...files].sort());
});

it('puts a file again whose content is another or unknown, and one with a hash in its name that changed all the same only in its turn', () => {
  const tree = new Map([
    ['same.css', { sha256: 'new' }],
    ['other.css', { sha256: 'old' }],
    ['unknown.css', { sha256: '' }],
    ['main.8f3a2b1c.js', { sha256: 'old' }],
  ]);
  const plan = planOf(
    [...tree.keys()].map((path) => file(path)),
    tree,
    NOW,
  );
  expect(plan.assets).toEqual([]);
  expect(touchedBy(plan)).toEqual(['other.css', 'unknown.css', 'main.8f3a2b1c.js']);
});

it('removes what is gone, but files with a hash only some time later', () => {
  const tree = new Map([
    ['gone.html', { sha256: 'old' }],
    ['main.8f3a2b1c.js', { sha256: 'old' }],
    ['main.9f3a2b1c.js', { sha256: 'old', goneAt: 94 * DAY }],
    ['main.af3a2b1c.js', { sha256: 'old', goneAt: 93 * DAY }],
  ]);
  const plan = planOf([], tree, NOW);
  expect(plan.removals).toEqual(['gone.html', 'main.af3a2b1c.js']);
  expect([...plan.next]).toEqual([
    ['main.8f3a2b1c.js', { sha256: 'old', goneAt: NOW.now }],
    ['main.9f3a2b1c.js', { sha256: 'old', goneAt: 94 * DAY }],
  ]);
});
