import { expect, it } from 'vitest';
import { mergeFlags } from '../../../src/commands/job-input.js';

it('takes every field from its flag, over the file', () => {
  const merged = mergeFlags(
    { project_id: 'file', project_branch: 'main' },
    {
      projectId: 'flag',
      deploymentId: 'd',
      repoUrl: '/r',
      buildCommand: '',
      packageManager: 'none',
      distDirectory: 'dist',
      timeout: '2m',
      frozenLockfile: true,
      supersede: true,
    },
    {},
  );
  expect(merged).toEqual({
    project_id: 'flag',
    project_branch: 'main',
    deployment_id: 'd',
    project_repo_url: '/r',
    project_build_command: '',
    project_package_manager: 'none',
    project_dist_directory: 'dist',
    timeout_seconds: 120,
    frozen_lockfile: true,
    supersede: true,
  });
});

it('adds variables to those of the file, with a value or from the surroundings', () => {
  const merged = mergeFlags({ env: { A: '1', B: '2' } }, { env: ['B=3=4', 'C'] }, { C: 'here' });
  expect(merged.env).toEqual({ A: '1', B: '3=4', C: 'here' });
});

it('refuses a variable that is set nowhere, by its name', () => {
  expect(() => mergeFlags({}, { env: ['NOPE'] }, {})).toThrow(/NOPE/);
});
