import { expect, it } from 'vitest';
import { gitAddress } from '../../../src/job/git-address.js';

it.each([
  ['https://Git.Example.com/org/site.git', 'http', 'git.example.com', ''],
  ['https://git.example.com:443/org/site', 'http', 'git.example.com', ''],
  ['https://ann:pw@git.example.com:8443/x', 'http', 'git.example.com:8443', 'ann'],
  ['http://git.example.com/x', 'http', 'git.example.com:80', ''],
  ['http://git.example.com:3000/x', 'http', 'git.example.com:3000', ''],
  ['ssh://deploy@git.example.com/x', 'ssh', 'git.example.com', 'deploy'],
  ['ssh://git.example.com:22/x', 'ssh', 'git.example.com', ''],
  ['ssh://git@git.example.com:2222/x', 'ssh', 'git.example.com:2222', 'git'],
  ['git@Git.Example.com:org/site.git', 'ssh', 'git.example.com', 'git'],
  ['git@[::1]:x', 'ssh', '[::1]', 'git'],
])('%s has the host of its credentials', (url, form, host, user) => {
  expect(gitAddress(url)).toMatchObject({ form, host, user });
});

it.each(['git://example.com/x', '/srv/git/x', 'file:///srv/x', '../x'])('%s has no credentials', (url) => {
  expect(gitAddress(url)).toBeUndefined();
});
