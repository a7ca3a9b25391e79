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

const of = (user: string, name: string, bytes: number, usedAt: number) => ({
  ...entry(name, bytes, usedAt),
  user,
});
const goneOf = (all: StoredSnapshot[], maxBytes: number) =>
  chooseForPruning(all, { maxBytes }, 9_000).map(({ name }) => name);

it('one snapshot over the limit goes, and nobody else’s', () => {
  const all = [of('eve', 'huge', 500, 9_000), of('ann', 'a', 10, 1_000), of('bob', 'b', 10, 2_000)];
  expect(goneOf(all, 100)).toEqual(['huge']);
});

it('a user who has most gives first, and keeps what was used last', () => {
  const eves = [1, 2, 3, 4].map((n) => of('eve', `eve${n}`, 30, 5_000 + n));
  const all = [...eves, of('ann', 'ann', 20, 1_000)];
  expect(goneOf(all, 100)).toEqual(['eve2', 'eve1']);
  expect(goneOf(all, 50)).toEqual(['eve3', 'eve2', 'eve1']);
});
