import { expect, it } from 'vitest';
import { parseSince } from '../../../src/job/since.js';

const now = Date.parse('2026-01-31T12:00:00Z');

it('is how long ago, or a time', () => {
  expect(parseSince('--since', '10m', now)).toBe(now - 600_000);
  expect(parseSince('--since', '2026-01-31T11:00:00Z', now)).toBe(now - 3_600_000);
  expect(parseSince('--since', '2026-01-31', now)).toBe(Date.parse('2026-01-31'));
});

it.each(['', 'yesterday', '2026-13-77', '-5m'])('says what fits instead of %j', (value) => {
  expect(() => parseSince('--since', value, now)).toThrow(/--since: must be how long ago, such as 90s/);
});
