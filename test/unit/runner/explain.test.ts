import { expect, it } from 'vitest';
import { explain } from '../../../src/runner/explain.js';

it.each([
  ['source', 'fatal: unable to access: Could not resolve host: nowhere.invalid', /host name/],
  [
    'source',
    "fatal: unable to access 'https://example.com/': Could not resolve proxy: nope.invalid",
    /^the proxy/,
  ],
  ['source', "fatal: unable to access 'https://example.com/': Proxy CONNECT aborted", /^the proxy/],
  [
    'source',
    "Failed to connect to 10.0.0.1 port 1 after 0 ms: Couldn't connect to server\nkoalaci: https_proxy is http://10.0.0.1:1",
    /through the proxy/,
  ],
  ['source', 'fatal: Authentication failed for https://example.com', /refuses access/],
  ['source', 'SSL certificate problem: unable to get local issuer certificate', /not trusted/],
  ['source', 'fatal: unable to connect to 127.0.0.1: Connection refused', /cannot be reached/],
  ['source', "fatal: '/x' does not appear to be a git repository", /no repository/],
  ['source', 'fatal: remote error: access denied or repository not exported: /x.git', /no repository/],
  ['source', 'fatal: remote error: access denied', /refuses access/],
  [
    'install',
    'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync',
    /package-lock.json/,
  ],
  [
    'install',
    'error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.',
    /yarn.lock/,
  ],
  ['install', 'YN0028: The lockfile would have been modified by this install', /yarn.lock/],
  ['install', 'ERR_PNPM_OUTDATED_LOCKFILE  Cannot install', /pnpm-lock.yaml/],
  ['install', 'error: lockfile had changes, but lockfile is frozen', /bun.lock/],
  ['install', 'npm error code E404', /registry/],
  ['build', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', /heap/],
  ['build', 'npm error Missing script: "biuld"', /script/],
  ['build', 'bash: line 1: vitee: command not found', /not installed/],
] as const)('explains a failed %s step that printed: %s', (step, output, message) => {
  expect(explain(step, output)?.message).toMatch(message);
});

it('says nothing of what it does not know', () => {
  expect(explain('build', 'something odd')).toBeUndefined();
});

it('does not take the words of another step for its own', () => {
  expect(explain('build', 'YN0028')).toBeUndefined();
});
