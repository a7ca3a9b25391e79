import { describe, expect, it } from 'vitest';
import { KoalaError } from '../../../src/job/errors.js';
import { parsePayload } from '../../../src/job/payload.js';
import { payloadOf } from '../../support/payload.js';

const job = payloadOf({ project_build_command: 'npm run build', project_package_manager: 'npm' });

describe('the payload of a job', () => {
  it('is accepted with its seven fields', () => {
    expect(parsePayload(job)).toEqual(job);
  });

  it.each([
    ['a branch with a slash', { project_branch: 'feature/a.b-c' }],
    ['an empty build command', { project_build_command: '' }],
    [
      'a dist directory above a sub-directory of a monorepo',
      { project_root: 'apps/web', project_dist_directory: '../../dist/web' },
    ],
    ['the whole project', { project_dist_directory: '.' }],
    ['an scp-like address', { project_repo_url: 'git@example.com:team/site.git' }],
    ['a local path', { project_repo_url: '/srv/git/site' }],
    ['a SHA', { project_commit: 'a'.repeat(40) }],
    ['a wish to end older jobs', { supersede: true }],
    ['a wish for lockfiles', { frozen_lockfile: true }],
    ['an environment', { env: { API_KEY: 'x', _b2: '' } }],
  ])('may have %s', (_, fields) => {
    expect(() => parsePayload({ ...job, ...fields })).not.toThrow();
  });

  it.each([
    ['npm run build\r', 'npm run build'],
    ['one\r\ntwo &&\r\nthree\r\n', 'one\ntwo &&\nthree\n'],
    ["printf 'a\rb'", "printf 'a\rb'"],
    ['\r\n', '\n'],
  ])('has a build command with plain line ends: %j is %j', (project_build_command, command) => {
    expect(parsePayload({ ...job, project_build_command }).project_build_command).toBe(command);
  });

  it.each([
    ['project_id', { project_id: '' }],
    ['project_id', { project_id: '.hidden' }],
    ['project_id', { project_id: 'a/b' }],
    ['deployment_id', { deployment_id: 'a:b' }],
    ['deployment_id', { deployment_id: 'x'.repeat(129) }],
    ['deployment_id', { deployment_id: 7 }],
    ['project_branch', { project_branch: '--upload-pack=touch /tmp/x' }],
    ['project_branch', { project_branch: 'a..b' }],
    ['project_branch', { project_branch: 'a b' }],
    ['project_branch', { project_branch: 'a.lock' }],
    ['project_branch', { project_branch: 'refs/heads/' }],
    ['project_branch', { project_branch: 'refs/pull/1/head' }],
    ['project_branch', { project_branch: '' }],
    ['project_repo_url', { project_repo_url: 'ext::sh -c touch% /tmp/x' }],
    ['project_repo_url', { project_repo_url: 'ssh://-oProxyCommand=x/y' }],
    ['project_repo_url', { project_repo_url: '-u' }],
    ['project_repo_url', { project_repo_url: 'https://u:p%zz@example.com/a' }],
    ['project_repo_url', { project_repo_url: 'ftp://example.com/x' }],
    ['project_build_command', { project_build_command: 'x'.repeat(8193) }],
    ['project_build_command', { project_build_command: 'a\0b' }],
    ['frozen_lockfile', { frozen_lockfile: 'yes' }],
    ['project_package_manager', { project_package_manager: 'cargo' }],
    ['project_dist_directory', { project_dist_directory: '/etc' }],
    ['project_dist_directory', { project_dist_directory: '../secrets' }],
    ['project_dist_directory', { project_dist_directory: 'a/../../b' }],
    ['project_dist_directory', { project_dist_directory: '.git' }],
    ['project_root', { project_root: '..' }],
    ['project_commit', { project_commit: 'main' }],
    ['project_fetch', { project_fetch: 3 }],
    ['project_fetch.depth', { project_fetch: { depth: -1 } }],
    ['project_fetch.depth', { project_fetch: { depth: '50' } }],
    ['project_fetch.tags', { project_fetch: { tags: 'all' } }],
    ['project_fetch.deep', { project_fetch: { deep: 1 } }],
    ['env', { env: { 'A-B': 'x' } }],
    ['env.A', { env: { A: 1 } }],
    ['env.UID', { env: { UID: '1000' } }],
    ['public_env', { public_env: 'MAP_KEY' }],
    ['public_env', { public_env: ['A-B'] }],
    ['skip_ci', { skip_ci: 'no' }],
    ['project_ignore_command', { project_ignore_command: 'a\0b' }],
    ['timeout_seconds', { timeout_seconds: 0 }],
    ['callback_url', { callback_url: 'file:///etc/passwd' }],
    ['cache', { cache: 'sometimes' }],
    ['project_brunch', { project_brunch: 'main' }],
  ])('is refused with the name of the field: %s (%o)', (field, fields) => {
    const refusal = refuse({ ...job, ...fields });
    expect(refusal.kind).toBe('bad_input');
    expect(refusal.message).toContain(`${field}`);
  });

  it.each([
    ['refs/heads/feature/a', 'feature/a'],
    ['refs/tags/v1', 'refs/tags/v1'],
    ['heads/a', 'heads/a'],
  ])('has the branch %s as %s', (given, kept) => {
    const parsed = parsePayload({ ...job, project_branch: given, project_default_branch: given });
    expect(parsed.project_branch).toBe(kept);
    expect(parsed.project_default_branch).toBe(kept.replace('refs/tags/', ''));
    expect(parsePayload(parsed)).toEqual(parsed);
  });

  it.each([
    [{ depth: 'full' }, { depth: 0 }],
    [
      { depth: 0, tags: false },
      { depth: 0, tags: false },
    ],
    [{ depth: 3 }, { depth: 3 }],
    [{}, {}],
  ])('has of its history %o', (given, kept) => {
    expect(parsePayload({ ...job, project_fetch: given }).project_fetch).toEqual(kept);
  });

  it('names every field that is missing at once', () => {
    const { message } = refuse({});
    for (const field of Object.keys(job)) expect(message).toContain(`${field}: is missing`);
  });

  it.each([
    [{ project_package_manager: 'npx' }, 'project_package_manager: must be npm'],
    [{ project_branch: 1 }, 'project_branch: must be a string'],
    [{ env: [] }, 'env: must be an object of strings'],
    [
      { env: { A: '\n'.repeat(5_000), B: '\n'.repeat(5_000) } },
      'env: must have at most 10000 lines in all values',
    ],
    [{ supersede: 'yes' }, 'supersede: must be true or false'],
    [{ cache: null }, 'cache: must be use, read or ignore'],
  ])('names the rule of a field that is there but does not fit: %o', (fields, rule) => {
    expect(refuse({ ...job, ...fields }).message).toContain(rule);
  });

  it.each([
    [{ project_branch: 1 }, 'project_branch: must be a string, not 1'],
    [{ project_branch: null }, 'project_branch: must be a string, not null'],
    [{ project_branch: ['main'] }, 'project_branch: must be a string, not a list'],
    [{ cache: 'write' }, 'cache: must be use, read or ignore, not "write"'],
    [{ timeout_seconds: '5' }, 'timeout_seconds: must be a number of seconds, not "5"'],
    [{ project_dist_directory: '/etc' }, 'inside the project, not "/etc"'],
    [{ project_id: 'x'.repeat(500) }, `not "${'x'.repeat(60)}"… (500 characters)`],
    [{ env: { X: 5 } }, 'env.X: must be a string, not a number'],
    [{ env: { X: { s3cret: 1 } } }, 'env.X: must be a string, not an object'],
    [{ env: [] }, 'env: must be an object of strings, not a list'],
  ])('says what was there instead: %o', (fields, words) => {
    expect(refuse({ ...job, ...fields }).message).toContain(words);
  });

  it.each([
    [{ env: { A: 's3cret\0' } }, 'env.A: must not contain a NUL character'],
    [{ env: { A: ['s3cret'] } }, 'env.A: must be a string, not a list'],
    [{ env: 's3cret' }, 'env: must be an object of strings'],
    [{ project_repo_url: 'ftp://u:s3cret@example.com' }, 'project_repo_url: must be'],
    [{ callback_url: 'ftp://u:s3cret@example.com' }, 'callback_url: must be'],
    [{ project_build_command: `TOKEN=s3cret ${'x'.repeat(9_000)}` }, 'must have at most 8192 characters'],
  ])('shows nothing that may be a secret: %o', (fields, words) => {
    const { message } = refuse({ ...job, ...fields });
    expect(message).toContain(words);
    expect(message).not.toContain('s3cret');
  });

  it.each([
    ['branch', 'project_branch'],
    ['projectId', 'project_id'],
    ['build-command', 'project_build_command'],
    ['timout_seconds', 'timeout_seconds'],
    ['project_brunch', 'project_branch'],
  ])('guesses what is meant by %s', (typed, meant) => {
    expect(refuse({ ...job, [typed]: 'x' }).message).toContain(
      `${typed}: is not a field of a job; did you mean ${meant}?`,
    );
  });

  it('names every unknown field on a line of its own, and lets none make one', () => {
    const { message } = refuse({ ...job, zzzzzzzz: 1, 'a\nproject_id: is fine': 1 });
    expect(message.split('\n').slice(1)).toEqual([
      '  zzzzzzzz: is not a field of a job',
      expect.stringContaining('  "a\\nproject_id: is fine": is not a field of a job'),
    ]);
  });

  it.each([[null], ['text'], [[]]])('must be an object, not %o', (input) => {
    expect(refuse(input).message).toContain('must be a JSON object');
  });
});

function refuse(input: unknown): KoalaError {
  try {
    parsePayload(input);
  } catch (error) {
    if (error instanceof KoalaError) return error;
  }
  throw new Error('was not refused');
}
