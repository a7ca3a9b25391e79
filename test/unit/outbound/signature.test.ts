import { assert, constantFrom, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { callbackKey, sign } from '../../../src/outbound/signature.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const CALL = { timestamp: '1700000000', id: '1-0', url: 'https://example.org/hook', body: '{}' };

it('a callback is signed over its time, its id, its address and its body', () => {
  // printf '1700000000\n1-0\nhttps://example.org/hook\n{}' | openssl dgst -sha256 -hmac key
  expect(sign('key', CALL)).toBe('69e1edc358ce643bf60874594ae24454323b728b4b72fe1bb9ff206d12015557');
  const others = [
    { ...CALL, timestamp: '1700000001' },
    { ...CALL, id: '1-1' },
    { ...CALL, url: 'https://example.org/hook2' },
    { ...CALL, body: '{ }' },
  ];
  expect(new Set([CALL, ...others].map((call) => sign('key', call))).size).toBe(5);
});

it('no part of a call passes for a part of another', () => {
  const part = string({ unit: constantFrom('1', '.', '-', '{', '/'), minLength: 1, maxLength: 6 });
  assert(
    property(part, part, part, (id, url, body) => {
      const one = sign('key', { ...CALL, id, url, body });
      expect(sign('key', { ...CALL, id: `${id}${url}`, url: '1', body })).not.toBe(one);
      expect(sign('key', { ...CALL, id, url: `${url}${body}`, body: '1' })).not.toBe(one);
    }),
  );
});

it('each user has a key, which derives from the secret of the operator', () => {
  // HKDF-SHA256 without salt (RFC 5869), as node:crypto, Python and openssl compute it.
  expect(callbackKey('s'.repeat(32), 'ann')).toBe(
    '5e1fd0d4fd9cf8ac7bbce269fb77f172c44f3de14c3de05295831a00ffc5a4b1',
  );
  expect(callbackKey('t'.repeat(32), 'ann')).not.toBe(callbackKey('s'.repeat(32), 'ann'));
  expectInjective(tuples(userIds, 1), ([user = '']) => callbackKey('secret', user));
});
