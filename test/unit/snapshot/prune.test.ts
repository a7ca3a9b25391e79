import { expect, it } from 'vitest';
import { chooseForPruning, type StoredSnapshot } from '../../../src/snapshot/prune.js';

const entry = (name: string, bytes: number, usedAt: number): StoredSnapshot => ({
  ...{ user: 'ann', project: 'site', repository: 'example.com/site', branch: 'main', id: name },
  ...{ name, bytes, usedAt, hits: 0 },
});
const entries = [entry('old', 10, 1_000), entry('new', 10, 3_000), entry('middle', 10, 2_000)];
const names = (limits: { maxAge?: number; maxBytes?: number }) =>
  chooseForPruning(entries, limits, 3_000).map(({ name }) => name);

it.each([
  [{ maxBytes: 30 }, []],
  [{ maxBytes: 29 }, ['old']],
  [{ maxBytes: 10 }, ['middle', 'old']],
  [{ maxAge: 1_500 }, ['old']],
  [{ maxAge: 1_500, maxBytes: 10 }, ['middle', 'old']],
  [{}, []],
])('with %o the least recently used snapshots go: %o', (limits, gone) => {
  expect(names(limits)).toEqual(gone);
});
