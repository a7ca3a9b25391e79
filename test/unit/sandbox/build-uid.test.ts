import { expect, it } from 'vitest';
import type { UserId } from '../../../src/job/identity.js';
import { buildUid } from '../../../src/sandbox/build-uid.js';

const USERS = Array.from({ length: 500 }, (_, n) => `user-${n}` as UserId);

it('is the same for a user, on each machine with the same secret', () => {
  expect(buildUid('s', 'ann' as UserId)).toBe(buildUid('s', 'ann' as UserId));
  expect(buildUid('s', 'ann' as UserId)).not.toBe(buildUid('t', 'ann' as UserId));
});

it('is another one for another user, but for few', () => {
  expect(new Set(USERS.map((user) => buildUid('s', user))).size).toBeGreaterThan(USERS.length - 3);
});

it('is above those of people and services, and has room in the owner field of tar: seven octal digits', () => {
  for (const user of USERS) {
    expect(buildUid('s', user)).toBeGreaterThanOrEqual(2 ** 20);
    expect(buildUid('s', user).toString(8)).toMatch(/^[0-7]{7}$/);
  }
});
