import { expect, it } from 'vitest';
import { isLoopback, refuseShortSecrets } from '../../../src/commands/exposure.js';

it.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['', false],
  ['10.0.0.1', false],
  ['127.example.org', false],
  ['localhost.example.org', false],
])('%s is reached from this machine only: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is);
});

it('a short secret is refused by name where others reach the daemon, and only there', () => {
  const long = 'x'.repeat(32);
  expect(() => refuseShortSecrets('0.0.0.0', { JWT_SECRET: 'x'.repeat(31) })).toThrow(
    /^JWT_SECRET has fewer/,
  );
  expect(() => refuseShortSecrets('::', { JWT_SECRET: long, OTHER: 'short' })).toThrow(/^OTHER/);
  refuseShortSecrets('0.0.0.0', { JWT_SECRET: long, OTHER: undefined });
  refuseShortSecrets('127.0.0.1', { JWT_SECRET: 'short' });
});
