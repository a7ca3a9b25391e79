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
    ['project_branch', { project_branch: 'refs/heads/main' }],
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
    ['env', { env: { 'A-B': 'x' } }],
    ['env.A', { env: { A: 1 } }],
    ['env.UID', { env: { UID: '1000' } }],
    ['timeout_seconds', { timeout_seconds: 0 }],
    ['callback_url', { callback_url: 'file:///etc/passwd' }],
    ['cache', { cache: 'sometimes' }],
    ['project_brunch', { project_brunch: 'main' }],
  ])('is refused with the name of the field: %s (%o)', (field, fields) => {
    const refusal = refuse({ ...job, ...fields });
    expect(refusal.kind).toBe('bad_input');
    expect(refusal.message).toContain(`${field}`);
  });

  it('names every field that is missing at once', () => {
    const { message } = refuse({});
    for (const field of Object.keys(job)) expect(message).toContain(`${field}: is missing`);
  });

  it.each([
    [{ project_package_manager: 'npx' }, 'project_package_manager: must be npm'],
    [{ project_branch: 1 }, 'project_branch: must be a string'],
    [{ env: [] }, 'env: must be an object of strings'],
    [{ supersede: 'yes' }, 'supersede: must be true or false'],
    [{ cache: null }, 'cache: must be use or ignore'],
  ])('names the rule of a field that is there but does not fit: %o', (fields, rule) => {
    expect(refuse({ ...job, ...fields }).message).toContain(rule);
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
