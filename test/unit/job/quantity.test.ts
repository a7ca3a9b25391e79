import { expect, it } from 'vitest';
import {
  LONGEST_DAYS,
  parseBytes,
  parseDuration,
  showBytes,
  showDuration,
} from '../../../src/job/quantity.js';

it.each([
  ['4g', 4 * 1024 ** 3],
  ['512M', 512 * 1024 ** 2],
  ['16 MiB', 16 * 1024 ** 2],
  ['1.5k', 1536],
  ['100', 100],
])('reads the size %s', (text, bytes) => {
  expect(parseBytes('X', text)).toBe(bytes);
});

it.each([
  ['45m', 2_700_000],
  ['90s', 90_000],
  ['90', 90_000],
  ['2h', 7_200_000],
  ['250ms', 250],
  ['2d', 172_800_000],
  ['1w', 604_800_000],
])('reads the time %s', (text, ms) => {
  expect(parseDuration('X', text)).toBe(ms);
});

it.each(['', '0', '-1', '4x', 'g', '1e9'])('refuses "%s" with the name of the setting', (text) => {
  expect(() => parseBytes('KOALACI_MEMORY', text)).toThrow(/^KOALACI_MEMORY: /);
  expect(() => parseDuration('KOALACI_TIMEOUT', text)).toThrow(/^KOALACI_TIMEOUT: /);
});

it.each([
  [4 * 1024 ** 3, '4 GiB'],
  [1_600_000, '1.5 MiB'],
  [0, '0 B'],
])('shows %i bytes as %s', (bytes, text) => {
  expect(showBytes(bytes)).toBe(text);
});

it.each([
  [340, '0.3 s'],
  [12_000, '12 s'],
  [200_000, '3 min 20 s'],
  [7_200_000, '2 h'],
])('shows %i ms as %s', (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});

it('reads times longer than a timer can measure, where none does', () => {
  expect(() => parseDuration('--drain', '30d')).toThrow(/at most 24d/);
  expect(parseDuration('--expires', '30d', LONGEST_DAYS)).toBe(30 * 86_400_000);
  expect(parseDuration('--age', '6w', LONGEST_DAYS)).toBe(42 * 86_400_000);
});
