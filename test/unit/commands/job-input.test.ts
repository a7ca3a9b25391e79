import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeFlags, readJob } from '../../../src/commands/job-input.js';

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
      publicEnv: ['API_URL'],
      reuse: 'same',
      supersede: true,
      skipCi: false,
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
    public_env: ['API_URL'],
    reuse: 'same',
    supersede: true,
    skip_ci: false,
  });
});

it('adds variables to those of the file, with a value or from the surroundings', () => {
  const merged = mergeFlags({ env: { A: '1', B: '2' } }, { env: ['B=3=4', 'C'] }, { C: 'here' });
  expect(merged.env).toEqual({ A: '1', B: '3=4', C: 'here' });
});

it('adds to what the file says about the history', () => {
  const file = { project_fetch: { depth: 3, tags: true } };
  expect(mergeFlags(file, { fetchDepth: '10' }, {})).toEqual({ project_fetch: { depth: 10, tags: true } });
  expect(mergeFlags(file, { fetchTags: false }, {})).toEqual({ project_fetch: { depth: 3, tags: false } });
  expect(mergeFlags({}, { fetchDepth: 'full' }, {})).toEqual({ project_fetch: { depth: 'full' } });
  expect(mergeFlags(file, {}, {})).toEqual(file);
});

it('refuses a variable that is set nowhere, by its name', () => {
  expect(() => mergeFlags({}, { env: ['NOPE'] }, {})).toThrow(/NOPE/);
});

describe('a file', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'koala-job-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const read = async (text: string) => {
    const file = join(directory, 'job.json');
    await writeFile(file, text);
    return readJob(file, {}, { env: {} });
  };

  it('has a limit, which the message names', async () => {
    expect(await read(JSON.stringify({ env: { A: 'x'.repeat(1_000_000) } }))).toHaveProperty('env');
    await expect(read(JSON.stringify({ env: { A: 'x'.repeat(1_100_000) } }))).rejects.toMatchObject({
      kind: 'too_large',
      message: expect.stringMatching(/is larger than 1 MiB$/),
    });
  });

  it.each([
    '{"env":{"TOKEN": s3cret}}',
    's3cret',
    '"s3cret',
    '{"a":1} s3cret',
  ])('that is not JSON is not quoted, for it may hold secrets: %s', async (text) => {
    const refusal = (await read(text).catch((error: unknown) => error)) as Error;
    expect(refusal.message).toContain('is not JSON: ');
    expect(refusal.message).not.toContain('s3cret');
  });
});

it('says that a variable needs its own --env', async () => {
  await expect(readJob('B=2', {}, { env: {} })).rejects.toMatchObject({
    remedy: 'Write --env before each variable.',
  });
});
