import jwt from 'jsonwebtoken';
import { expect, it } from 'vitest';
import { claimsAdmin } from '../../../src/client/claimed.js';

it.each([
  [jwt.sign({ user_id: 'op', admin: true }, 's'), true],
  [jwt.sign({ user_id: 'ann', admin: false }, 's'), false],
  [jwt.sign({ user_id: 'ann' }, 's'), false],
  ['x.bnVsbA.z', false],
  ['no token', false],
])('says of %s whether its lists have all users', (token, isAdmin) => {
  expect(claimsAdmin(token)).toBe(isAdmin);
});
