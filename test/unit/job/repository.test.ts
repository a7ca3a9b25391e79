import { describe, expect, it } from 'vitest';
import { canonicalRepository } from '../../../src/job/repository.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

describe('the same repository has one form', () => {
  it.each([
    'https://example.com/me/site',
    'https://example.com/me/site.git',
    'https://example.com/me/site/',
    'https://example.com/me/site.git/',
    'http://example.com/me/site.git',
    'https://Example.COM/me/site.git',
    'https://example.com./me/site.git',
    'https://example.com:443/me/site.git',
    'http://example.com:80/me/site.git',
    'https://ann:s3cret@example.com/me/site.git',
    'https://token@example.com/me/site.git',
    'git://example.com/me/site.git',
    'git://example.com:9418/me/site',
    'ssh://git@example.com/me/site.git',
    'ssh://git@Example.com:22/me/site.git',
    'ssh://git:pw@example.com/me/site',
    'git@example.com:me/site.git',
    'git@EXAMPLE.com:/me/site/',
  ])('%s', (address) => {
    expect(canonicalRepository(address)).toBe('example.com/me/site');
  });
});

it.each([
  ['https://example.com:8443/me/site', 'example.com:8443/me/site'],
  ['ssh://git@example.com:2222/me/site', 'example.com:2222/me/site'],
  ['git@[::1]:me/site.git', '[::1]/me/site'],
  ['ssh://git@[::1]/me/site.git', '[::1]/me/site'],
  ['/srv/git/site', '/srv/git/site'],
  ['/srv/git/site.git/', '/srv/git/site.git'],
  ['/', '/'],
])('%s becomes %s', (address, canonical) => {
  expect(canonicalRepository(address)).toBe(canonical);
});

describe('two repositories never have the same form', () => {
  it.each([
    ['another owner', 'https://example.com/me/site', 'https://example.com/you/site'],
    ['another host', 'https://example.com/me/site', 'https://example.org/me/site'],
    ['another port', 'https://example.com/me/site', 'https://example.com:8443/me/site'],
    ['another case of the path', 'https://example.com/me/site', 'https://example.com/me/Site'],
    ['another account’s home', 'ann@example.com:site', 'bob@example.com:site'],
    ['a home, and the root of a server', 'ann@example.com:site', 'ssh://ann@example.com/site'],
    ['another query', 'https://example.com/get?of=a', 'https://example.com/get?of=b'],
    ['a bare one beside a local one', '/srv/site', '/srv/site.git'],
    ['one of this machine', 'https://srv/site', '/srv/site'],
  ])('%s', (_, one, other) => {
    expect(canonicalRepository(one)).not.toBe(canonicalRepository(other));
  });
});

it('shows no secret of an address', () => {
  const address = 'https://ann:s3cret-1@example.com/site?access_token=s3cret-2';
  expect(canonicalRepository(address)).toMatch(/^example\.com\/site\?[0-9a-f]{32}$/);
});

describe('no part of an address passes for another part', () => {
  it.each([
    ['an account for a host', 'ssh://evil.com%2Fx@example.com/p', 'https://evil.com/x@example.com/p'],
    ['an escape for a letter', 'git@example.com:a%20b', 'https://example.com/a%20b'],
    ['a path for a query', `git@example.com:p?${'0'.repeat(32)}`, 'https://example.com/p?x'],
    ['a remote for a local one', 'https://./srv/site', '/srv/site'],
  ])('%s', (_, one, other) => {
    expect(canonicalRepository(one)).not.toBe(canonicalRepository(other));
  });

  it('nor does an account, a host or a path', () => {
    const address = ([user, path]: string[]) =>
      `ssh://${encodeURIComponent(`u${user}`)}@example.com/p${encodeURIComponent(path ?? '')}`;
    expectInjective(tuples(userIds, 2), (parts) =>
      canonicalRepository(address(parts.map((part) => `${part}x`))),
    );
  });
});
