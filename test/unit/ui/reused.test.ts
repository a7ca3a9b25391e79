import { expect, it } from 'vitest';
import { showReused } from '../../../src/ui/reused.js';
import { buildingRecord } from '../../support/records.js';

const HOUR = 3_600_000;
const warm = { branch: 'main', commit: '266e47bed4'.padEnd(40, '0'), savedAt: HOUR };
const steps = [
  { step: 'source' as const, startedAt: 1, endedAt: 2 },
  { step: 'install' as const, startedAt: 2, endedAt: 2, skipped: true, note: '4 inputs unchanged' },
];

it.each([
  [{ base: { warm }, steps }, 'warm: main at 266e47bed4, 2 hours old; install: 4 inputs unchanged'],
  [{ base: { cold: 'the builder image is newer' }, steps }, 'cold: the builder image is newer'],
  [{ steps }, 'install: 4 inputs unchanged'],
  [{ reusedFrom: 'd41', steps }, 'the artifact of d41: nothing was built'],
  [{}, ''],
])('says of a build what it did not have to do: %j', (fields, words) => {
  expect(showReused(buildingRecord(fields), 3 * HOUR)).toBe(words);
});
