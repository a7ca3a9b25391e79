import jwt from 'jsonwebtoken';
import { expect, it } from 'vitest';
import { identityIn, signToken } from '../../../src/job/claims.js';
import { DEFAULT_LIMITS, limitsFor, overLimit } from '../../../src/job/user-limits.js';

const SECRET = 's'.repeat(32);
const tokenWith = (limits: unknown) =>
  jwt.sign({ user_id: 'ann', 'koalaci.limits': limits }, SECRET, { expiresIn: 60 });

it('a token may raise or lower what the operator gives, each limit by itself', () => {
  const { limits, expiresAt } = identityIn(tokenWith({ queued: 2, running: 9 }), SECRET);
  expect(limitsFor(DEFAULT_LIMITS, limits)).toEqual({ ...DEFAULT_LIMITS, queued: 2, running: 9 });
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
