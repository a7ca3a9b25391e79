import { expect, it } from 'vitest';
import { isLocalSource, secretsOf, splitCredentials, withoutCredentials } from '../../../src/job/rules.js';

it.each([
  ['/srv/git/a', true],
  ['./a', true],
  ['.', true],
  ['~/a', true],
  ['file:///srv/git/a', true],
  ['file://host/a', false],
  ['https://example.com/a', false],
  ['git@example.com:a', false],
])('tells whether %s is a source of this machine', (url, local) => {
  expect(isLocalSource(url)).toBe(local);
});

it('takes credentials out of an address, decoded', () => {
  expect(splitCredentials('https://ann:p%40ss@example.com/a.git')).toEqual({
    url: 'https://example.com/a.git',
    username: 'ann',
    password: 'p@ss',
  });
});

it.each([
  'https://example.com/a.git',
  'git@example.com:a.git',
  'ssh://git@example.com/a',
])('leaves %s as it is', (url) => {
  expect(withoutCredentials(url)).toBe(url);
});

it.each([
  ['https://ann:pw12@example.com/a.git', 'https://example.com/a.git', ['pw12']],
  ['https://ann:p%2Bw1@example.com/a.git', 'https://example.com/a.git', ['p+w1', 'p%2Bw1']],
  ['https://token1@example.com/a.git', 'https://example.com/a.git', ['token1']],
  ['ssh://git:pw12@example.com/a.git', 'ssh://git@example.com/a.git', ['pw12']],
  ['ssh://git@example.com/a.git', 'ssh://git@example.com/a.git', []],
  ['git://u:pw12@example.com/a.git', 'git://u@example.com/a.git', ['pw12']],
  ['https://example.com/a.git?access_token=tok1', 'https://example.com/a.git?…', ['tok1']],
  ['https://example.com/a.git?tok1', 'https://example.com/a.git?…', ['tok1']],
  [
    'https://example.com/a?a=tok%2F1&tok2==#tok3',
    'https://example.com/a?…',
    ['tok/1', 'tok2', 'tok3', 'tok%2F1'],
  ],
  ['https://example.com/a#tok1', 'https://example.com/a?…', ['tok1']],
  ['https://token1:@example.com/a.git', 'https://example.com/a.git', ['token1']],
  [
    'https://ghp_0123456789abcdef:x-oauth-basic@example.com/a',
    'https://example.com/a',
    ['x-oauth-basic', 'ghp_0123456789abcdef'],
  ],
  ['git://token1@example.com/a.git', 'git://example.com/a.git', ['token1']],
  ['git@example.com:a?token=tok1', 'git@example.com:a?…', ['tok1']],
])('keeps the secrets of %s out of what is shown', (url, shown, secrets) => {
  expect(withoutCredentials(url)).toBe(shown);
  expect(secretsOf(url)).toEqual(secrets);
});
