import { createHmac } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { signToken, verifyToken } from '../../../src/job/claims.js';
import { exitCodeOf } from '../../../src/job/errors.js';

const SECRET = 'a-secret-of-more-than-thirty-two-bytes';
const now = Math.floor(Date.now() / 1000);

describe('a token', () => {
  it('tells who its user is', () => {
    expect(verifyToken(signToken('ann', SECRET), SECRET)).toBe('ann');
  });

  it.each(['HS256', 'HS384', 'HS512'] as const)('may be signed with %s', (algorithm) => {
    expect(verifyToken(jwt.sign({ user_id: 'ann' }, SECRET, { algorithm }), SECRET)).toBe('ann');
  });

  it.each([
    [
      'another secret',
      jwt.sign({ user_id: 'ann' }, 'another-secret-of-more-than-32-bytes!'),
      /another secret/,
    ],
    [
      'no signature',
      jwt.sign({ user_id: 'ann' }, '', { algorithm: 'none' }),
      /signature is required|algorithm/,
    ],
    ['a time that is over', jwt.sign({ user_id: 'ann', exp: now - 60 }, SECRET), /expired/],
    ['a time to come', jwt.sign({ user_id: 'ann', nbf: now + 600 }, SECRET), /not valid yet/],
    ['an expiry in milliseconds', jwt.sign({ user_id: 'ann', exp: Date.now() + 60_000 }, SECRET), /exp/],
    ['no user', jwt.sign({ sub: 'ann' }, SECRET), /user_id/],
    ['an object as user', jwt.sign({ user_id: { $ne: '' } }, SECRET), /user_id/],
    ['an empty user', jwt.sign({ user_id: '' }, SECRET), /user_id/],
    ['a user with a control character', jwt.sign({ user_id: 'a\nb' }, SECRET), /user_id/],
    ['an extension that is not known', withCrit(), /crit/],
    ['nonsense', 'nonsense', /it is no JWT/],
  ])('is refused with %s', (_, token, why) => {
    const attempt = () => verifyToken(token, SECRET);
    expect(attempt).toThrow(why);
    try {
      attempt();
    } catch (error) {
      expect(exitCodeOf(error)).toBe(3);
    }
  });
});

function withCrit(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', crit: ['b64'], b64: true })}.${part({ user_id: 'ann' })}`;
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`;
}
