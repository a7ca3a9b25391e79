import { expect, it } from 'vitest';
import { explain } from '../../../src/runner/explain.js';

it.each([
  ['source', 'fatal: unable to access: Could not resolve host: nowhere.invalid', /host name/],
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
  ['build', "  reason: 'unsupported',\n  code: 'ERR_OSSL_EVP_UNSUPPORTED'\n}", /OpenSSL/],
] as const)('explains a failed %s step that printed: %s', (step, output, message) => {
  expect(explain(step, output)?.message).toMatch(message);
});

it('says nothing of what it does not know', () => {
  expect(explain('build', 'something odd')).toBeUndefined();
});

it('does not take the words of another step for its own', () => {
  expect(explain('build', 'YN0028')).toBeUndefined();
});
