import { expect, it } from 'vitest';
import { identityIn, signToken } from '../../../src/job/claims.js';
import type { DeploymentId, UserId } from '../../../src/job/identity.js';
import { type LogToken, logTokenEnd, logTokenIn, signLogToken } from '../../../src/server/log-token.js';
import { buildingRecord, queuedRecord, recordsOfEveryStatus } from '../../support/records.js';

const SECRET = 's'.repeat(48);
const MINUTE = 60_000;
const token: LogToken = {
  id: { user: 'ann' as UserId, deployment: 'd1' as DeploymentId },
  createdAt: 1_700,
  limits: { followers: 3 },
  expiresAt: Math.ceil(Date.now() / 1000) * 1000 + MINUTE,
};

it('a token for a log says whose it is, for which log, and until when', () => {
  expect(logTokenIn(signLogToken(token, SECRET), 'd1', SECRET)).toEqual(token);
});

it.each([
  ['for another log', () => logTokenIn(signLogToken(token, SECRET), 'd2', SECRET), 'it is for another log'],
  [
    'of another secret',
    () => logTokenIn(signLogToken(token, 'x'.repeat(48)), 'd1', SECRET),
    'it is not one for a log',
  ],
  [
    'that is old',
    () => logTokenIn(signLogToken({ ...token, expiresAt: Date.now() - MINUTE }, SECRET), 'd1', SECRET),
    'it has expired',
  ],
  [
    'that is one for everything',
    () => logTokenIn(signToken('ann', SECRET), 'd1', SECRET),
    'it is not one for a log',
  ],
])('a token %s is refused', (_what, read, why) => {
  expect(read).toThrow(why);
});

it('is no token for anything else', () => {
  expect(() => identityIn(signLogToken(token, SECRET), SECRET)).toThrow('signed with another secret');
});

it('is valid until ten minutes after the job must have ended', () => {
  const at = { timeoutMs: 45 * MINUTE, now: 100 * MINUTE };
  const started = buildingRecord({ startedAt: 90 * MINUTE });
  const [ended] = recordsOfEveryStatus().filter(({ status }) => status === 'READY');
  expect(logTokenEnd(queuedRecord(), at)).toBe(155 * MINUTE);
  expect(logTokenEnd(started, at)).toBe(145 * MINUTE);
  expect(logTokenEnd({ ...started, timeoutMs: 5 * MINUTE }, at)).toBe(105 * MINUTE);
  expect(ended && logTokenEnd(ended, at)).toBe(110 * MINUTE);
});
