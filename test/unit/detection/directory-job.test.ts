// The job that a directory stands for.
import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../src/detection/commit.js';
import { directoryJob, type Given } from '../../../src/detection/directory-job.js';
import { parsePayload } from '../../../src/job/payload.js';
import { detect, manifest } from '../../support/detection.js';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const COMMIT: Commit = { top: '/home/ann/My Site', root: '.', sha: SHA, branch: 'main', changed: [] };
const UNIQUE = '3f9c2a';

async function jobOf({
  given = {},
  files = {},
  root = '.',
  ...commit
}: Partial<Commit> & { given?: Given; files?: Record<string, string> }) {
  const project = { 'package.json': manifest(['vite']), ...files };
  const detected = await detect(project, root, given.packageManager);
  const job = directoryJob({ ...COMMIT, ...commit, root }, detected, { given, unique: UNIQUE });
  return { ...job, parsed: parsePayload(job.payload) };
}

it('is made of its commit and of what is found there, each with its reason', async () => {
  const { payload, names } = await jobOf({ files: { 'package.json': manifest(['vite'], { name: 'site' }) } });
  expect(payload).toEqual({
    project_id: 'site',
    deployment_id: 'site-0123456-3f9c2a',
    project_branch: 'main',
    project_commit: SHA,
    project_repo_url: '/home/ann/My Site',
    project_build_command: 'npx vite build',
    project_package_manager: 'npm',
    project_dist_directory: 'dist',
  });
  expect(names).toEqual({
    project: { value: 'site', reason: 'name', file: 'package.json' },
    deployment: { value: 'site-0123456-3f9c2a', reason: 'new for each build', file: null },
    branch: { value: 'main', reason: 'it is checked out', file: null },
    commit: { value: SHA, reason: 'HEAD', file: null },
  });
});

describe('its project', () => {
  it.each([
    ['@acme/site', 'acme-site'],
    ['_ä site', 'site'],
    ['ж', 'My-Site'],
    [undefined, 'My-Site'],
    ['x'.repeat(300), 'x'.repeat(100)],
  ])('is named for a package %s: %s', async (name, id) => {
    const { parsed } = await jobOf({ files: { 'package.json': manifest(['vite'], { name }) } });
    expect(parsed.project_id).toBe(id);
  });

  it('is named for its directory, where the package has no name', async () => {
    const root = 'apps/web';
    const { parsed } = await jobOf({ root, files: { 'apps/web/package.json': manifest(['vite']) } });
    expect(parsed).toMatchObject({ project_id: 'web', project_root: 'apps/web' });
  });

  it('has a name also where nothing gives it one', async () => {
    expect((await jobOf({ top: '/' })).parsed.project_id).toBe('project');
  });
});

it('is of the commit alone where no branch is checked out', async () => {
  const { parsed, names } = await jobOf({ branch: undefined });
  expect(parsed).toMatchObject({ project_branch: 'detached', project_commit: SHA });
  expect(names.branch.reason).toBe('no branch is checked out');
});

describe('what the user gives', () => {
  it('wins, and is the reason', async () => {
    const given = {
      projectId: 'p',
      deploymentId: 'd',
      branch: 'next',
      buildCommand: '',
      packageManager: 'pnpm',
      distDirectory: 'www',
      nodeVersion: '20',
    };
    const { parsed, names, found } = await jobOf({ given, changed: undefined });
    expect(parsed).toMatchObject({
      project_id: 'p',
      deployment_id: 'd',
      project_branch: 'next',
      project_build_command: '',
      project_package_manager: 'pnpm',
      project_dist_directory: 'www',
    });
    expect(names.project.reason).toBe('--project-id');
    expect(names.commit.reason).toBe('the newest of next');
    expect(found.build_command).toEqual({ value: '', reason: '--build-command', file: null });
    expect(found.node_version).toEqual({ value: '20', reason: '--node-version', file: null });
  });

  it('decides how what is found is written', async () => {
    const { parsed } = await jobOf({ given: { packageManager: 'pnpm' } });
    expect(parsed.project_build_command).toBe('pnpm exec vite build');
  });

  it('leaves open what is auto', async () => {
    const { payload } = await jobOf({ given: { buildCommand: 'auto', distDirectory: 'auto' } });
    expect(payload).toMatchObject({
      project_build_command: 'npx vite build',
      project_dist_directory: 'dist',
    });
  });
});
