import jwt from 'jsonwebtoken';
import { expect, it } from 'vitest';
import { identityIn, signToken } from '../../../src/job/claims.js';
import { DEFAULT_LIMITS, limitsFor, overKept, overLimit } from '../../../src/job/user-limits.js';

const SECRET = 's'.repeat(32);
const tokenWith = (limits: unknown) =>
  jwt.sign({ user_id: 'ann', 'koalaci.limits': limits }, SECRET, { expiresIn: 60 });

it('a token may raise or lower what the operator gives, each limit by itself', () => {
  const raised = { queued: 2, running: 9, artifacts: 5_000_000_000 };
  const { limits, expiresAt } = identityIn(tokenWith(raised), SECRET);
  expect(limitsFor(DEFAULT_LIMITS, limits)).toEqual({ ...DEFAULT_LIMITS, ...raised });
  expect(expiresAt).toBeGreaterThan(Date.now());
});

it('a token without limits has the operator’s', () => {
  const { limits, expiresAt } = identityIn(signToken('ann', SECRET), SECRET);
  expect(limitsFor(DEFAULT_LIMITS, limits)).toEqual(DEFAULT_LIMITS);
  expect(expiresAt).toBeUndefined();
});

it.each([
  { queued: '2' },
  { queued: -1 },
  { queued: 1.5 },
  { running: 0 },
  { logs: '1g' },
  { jobs: 3 },
  'many',
  null,
])('a token with the limits %j is refused', (limits) => {
  expect(() => identityIn(tokenWith(limits), SECRET)).toThrow(/claim koalaci\.limits/);
});

it('an error says which limit, and when to come again', () => {
  const error = overLimit('requests in a minute', 7, 12);
  expect(error.message).toBe('your limit is reached: 7 requests in a minute');
  expect([error.kind, error.retryAfter, error.remedy]).toEqual([
    'over_limit',
    12,
    expect.stringContaining('12 s'),
  ]);
});

it('an error of what is kept says how much that is, and what to do', () => {
  const error = overKept('logs', { bytes: 1_500 * 1_024, most: 1_024 ** 2, retryAfter: 0 });
  expect(error.message).toBe('your limit is reached: 1 MiB of logs and records, and 1.5 MiB are kept');
  expect(error.remedy).toContain(
    'Use the id of a deployment that has ended, which this one replaces; or wait',
  );
  expect([error.kind, error.retryAfter]).toEqual(['over_limit', 1]);
});
