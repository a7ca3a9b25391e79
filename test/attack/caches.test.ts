// What one job leaves for the next: a fork, a pull request and a job of less trust try to poison main's, or to find its secrets.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { Koalaci } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { project } from '../support/projects.js';
import { git, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { attack } from './attack.js';

/** A tool cache, which warm builds keep. */
const CACHE = 'node_modules/.cache';
const POISON = `mkdir -p ${CACHE} && echo poison >${CACHE}/poison && echo poison >public/poison.txt`;
const CLEAN = `! find . ~ -name 'poison*' | grep . && ! git log --all --format=%s | grep poison`;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

async function forkOf(repo: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-fork-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await cp(repo, directory, { recursive: true });
  return directory;
}

async function build(
  repo: string,
  fields: { id: string; project: string; command: string; branch?: string },
  more: string[] = [],
) {
  const built = await koalaci.build(repo, fields, more);
  expect(built.exitCode, built.stdout + built.stderr).toBe(0);
  await saved(fields.project);
  return built;
}

describe('caches', () => {
  attack('a fork under the same project, with the same branch, is built before main', async () => {
    const id = project('fork');
    const repo = await repoOf('static');
    const fork = await forkOf(repo);
    await build(fork, { id: 'fork', project: id, command: POISON });
    await build(repo, { id: 'main', project: id, command: CLEAN });
  });

  attack('a fork looks for what main has left', async () => {
    const id = project('seek');
    const repo = await repoOf('static');
    const fork = await forkOf(repo);
    const hide = `mkdir -p ${CACHE} && echo "$TOKEN" >${CACHE}/poison-secret; echo "$TOKEN" >~/poison-secret`;
    await build(repo, { id: 'main', project: id, command: hide }, ['--env', 'TOKEN=s3cret-of-main']);
    await build(fork, { id: 'fork', project: id, command: CLEAN });
  });

  attack('a branch of a pull request is built before main', async () => {
    const id = project('pull');
    const repo = await repoOf('static');
    await git(repo, 'branch', 'pull');
    await build(repo, { id: 'pull', project: id, command: POISON, branch: 'pull' });
    await build(repo, { id: 'main', project: id, command: CLEAN });
  });

  attack(
    'a job of less trust leaves a snapshot',
    async () => {
      const id = project('read');
      const payload = payloadOf({ project_id: id, deployment_id: 'reads', project_dist_directory: 'public' });
      const job = { ...payload, project_repo_url: await repoOf('static'), project_build_command: POISON };
      const input = JSON.stringify({ ...job, cache: 'read' });
      const built = await koalaci.run(['run', '-'], { input });
      expect(built.exitCode, built.stderr).toBe(0);
      await saved(id);
      expect(await snapshotsOf(id)).toEqual({});
    },
    { short: true },
  );

  attack('a job of less trust changes the snapshot that it starts from', async () => {
    const id = project('kept');
    const repo = await repoOf('static');
    await build(repo, { id: 'main', project: id, command: 'true' });
    const before = await snapshotsOf(id);
    expect(Object.keys(before).length).toBeGreaterThan(0);
    const payload = { ...payloadOf({ project_id: id, deployment_id: 'reads' }), project_repo_url: repo };
    const job = {
      ...payload,
      project_build_command: POISON,
      project_dist_directory: 'public',
      cache: 'read',
    };
    await git(repo, 'commit', '--quiet', '--allow-empty', '--message', 'poison');
    const read = await koalaci.run(['run', '-'], { input: JSON.stringify(job) });
    expect(read.exitCode, read.stderr).toBe(0);
    expect(read.stderr).toContain(', warm');
    await saved(id);
    expect(await snapshotsOf(id)).toEqual(before);
    await git(repo, 'reset', '--quiet', '--hard', 'HEAD~');
    await build(repo, { id: 'next', project: id, command: CLEAN });
  });

  attack(
    'a build breaks the .git of a submodule that nothing names, where git then sees nothing',
    async () => {
      const id = project('gitlink');
      const repo = await repoOf('static');
      const { stdout: sha } = await git(repo, 'rev-parse', 'HEAD');
      await git(repo, 'update-index', '--add', '--cacheinfo', `160000,${sha},sub`);
      await git(repo, 'commit', '--quiet', '--message', 'a submodule without .gitmodules');
      await build(repo, { id: 'broken', project: id, command: 'echo nonsense >sub/.git; echo >sub/poison' });
      expect(Object.keys(await snapshotsOf(id))).not.toEqual([]);
      const next = await build(repo, { id: 'next', project: id, command: `test -d sub && ${CLEAN}` });
      expect(next.stderr).toContain(', warm');
    },
  );
});
