import { expect, it } from 'vitest';
import { editDistance, nearest } from '../../../src/job/nearest.js';

it.each([
  ['MEMORY', 'MEMORY', 0],
  ['MEMROY', 'MEMORY', 1],
  ['MEMRY', 'MEMORY', 1],
  ['MEMORRY', 'MEMORY', 1],
  ['MAMORY', 'MEMORY', 1],
  ['', 'PIDS', 4],
  ['PIDS', '', 4],
  ['LOG', 'PIDS', 4],
])('%s is so many edits from %s: %i', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
});

it.each([
  ['MEMROY', 'MEMORY'],
  ['TIME_OUT', 'TIMEOUT'],
  ['STAND_BY', 'STANDBY'],
  ['PID', 'PIDS'],
])('takes %s for %s', (word, meant) => {
  expect(nearest(word, ['PIDS', 'MEMORY', 'STANDBY', 'TIMEOUT'])).toBe(meant);
});

it('finds nothing in words that have little in common with it', () => {
  expect(nearest('FLAVOUR', ['PIDS', 'MEMORY'])).toBeUndefined();
  expect(nearest('MEMORY', [])).toBeUndefined();
});
