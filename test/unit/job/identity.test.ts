import { assert, property } from 'fast-check';
import { expect, it } from 'vitest';
import { escapeId, formatJobId, type JobId, parseJobId } from '../../../src/job/identity.js';
import { jobKey } from '../../../src/store/keys.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const id = (user: string, deployment: string) => ({ user, deployment }) as JobId;

it('gives no two users the same key, whatever their names hold', () => {
  expect(jobKey(id('a:b', 'c'))).not.toBe(jobKey(id('a', 'b:c')));
  expect(jobKey(id('a%3Ab', 'c'))).not.toBe(jobKey(id('a:b', 'c')));
});

it('writes plain ids as they are', () => {
  expect(jobKey(id('ann', 'v1.2_x-3'))).toBe('koalaci:job:ann:v1.2_x-3');
});

it.each([
  '..',
  '.',
  '../../etc',
  'a/b',
  'a\\b',
  'ü',
  "a'b",
  '~',
])('makes %s safe as a directory name', (user) => {
  expect(escapeId(user)).toMatch(/^[\w%-][\w.%-]*$/);
});

it('reads a label back into the same id', () => {
  const original = id('Ann: ü/%', 'd.1');
  expect(parseJobId(formatJobId(original))).toEqual(original);
  expect(parseJobId('nonsense')).toBeUndefined();
});

it('escapes every id so that it is read back, and so that no two are the same', () => {
  assert(
    property(userIds, (user) => {
      expect(decodeURIComponent(escapeId(user))).toBe(user);
    }),
  );
  expectInjective(tuples(userIds, 2), ([user = '', deployment = '']) => formatJobId(id(user, deployment)));
});
