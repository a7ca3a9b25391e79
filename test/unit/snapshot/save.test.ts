import { expect, it } from 'vitest';
import { newestFirst } from '../../../src/snapshot/save.js';

const snapshot = (id: string, readyAt: number | undefined, layers = 10) => ({
  ...{ id, layers },
  labels: readyAt === undefined ? {} : { 'koalaci.saved': String(readyAt) },
});

it.each([
  [
    'the build that ended last has the newest, whoever is listed first',
    [snapshot('a', 1), snapshot('b', 2)],
    'b',
  ],
  ['numbers are compared as numbers', [snapshot('a', 9), snapshot('b', 10)], 'b'],
  ['a flat one takes the place of what it was made from', [snapshot('a', 1, 40), snapshot('b', 1, 8)], 'b'],
  ['a flat one does not replace a newer one', [snapshot('a', 2, 40), snapshot('b', 1, 8)], 'a'],
  ['one without a time is the oldest', [snapshot('a', undefined), snapshot('b', 1)], 'b'],
])('%s', (_, images, newest) => {
  expect(newestFirst(images)[0]?.id).toBe(newest);
  expect(newestFirst([...images].reverse())[0]?.id).toBe(newest);
});
