import { expect, it } from 'vitest';
import { compareTimes, showAge, showRunning } from '../../../src/ui/words.js';

it.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 hour'],
  [7_300_000, '2 hours'],
  [86_400_000, '1 day'],
  [90 * 86_400_000, '90 days'],
  [-5_000, '0 s'],
])('%i ms are %s old', (ms, text) => {
  expect(showAge(ms)).toBe(text);
});

it.each([
  [0, '0.0s'],
  [59_940, '59.9s'],
  [60_000, '1m00s'],
  [3_599_999, '59m59s'],
  [3_720_000, '1h02m'],
])('%i ms run as %s', (ms, text) => {
  expect(showRunning(ms)).toBe(text);
});

it.each([
  [100, 100, 'as fast'],
  [103, 100, 'as fast'],
  [150, 100, '50 % slower'],
  [50, 100, '50 % faster'],
  [50, 0, 'as fast'],
])('%i ms are, against %i, %s', (ms, before, text) => {
  expect(compareTimes(ms, before)).toBe(text);
});
