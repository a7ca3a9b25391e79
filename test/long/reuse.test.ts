// Reuse: which jobs a READY build stands for, and for which it does not.
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { proofPaths } from '../../src/artifact/paths.js';
import { LOCAL_SOURCE } from '../../src/sandbox/protocol.js';
import { monorepoHistory, SCRIPTS } from '../reuse/repository.js';
import { openRepo } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { commit, git, repoOf } from '../support/repo.js';
import { reuseLane } from '../support/reuse-lane.js';
import { isThere } from '../support/shipped.js';
import { forgetTrees } from '../support/trees.js';
import { until } from '../support/until.js';

const MINUTES = 600_000;
const COPY = 'mkdir -p out; cp public/index.html out/';

let koalaci: Koalaci;
beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(async () => {
  await forgetTrees(koalaci);
  await koalaci.close();
});

describe('a job with the inputs of a READY build', () => {
  it(
    'is one of another commit only if the build has not looked at git',
    async () => {
      const { build } = reuseLane(koalaci, 'commits');
      const repo = await repoOf('static');
      await build(repo, 'c1');
      await commit(repo);
      expect(await build(repo, 'c2')).toContain('reused c1: all files are the same');
      await git(repo, 'mv', 'public/index.html', 'public/Index.html');
      await commit(repo, { 'public/index.html': '' });
      expect(await build(repo, 'c3')).toContain('built: public/Index.html changed');
      const seeing = { command: `${COPY}; git log -1 --format=%h >out/commit` };
      await build(repo, 'c4', seeing);
      expect(await build(repo, 'c5', seeing)).toContain('reused c4');
      await commit(repo);
      expect(await build(repo, 'c6', seeing)).toContain("the build looks into git's data");
      const naming = { command: `${COPY}; echo $KOALACI_COMMIT >out/commit` };
      await build(repo, 'c7', naming);
      await commit(repo);
      expect(await build(repo, 'c8', naming)).toContain('the project names variables that have it');
    },
    MINUTES,
  );

  it(
    'is none with another variable, command, setting or tag, nor one that does not want it',
    async () => {
      const { build } = reuseLane(koalaci, 'inputs');
      const repo = await repoOf('static');
      const command = `${COPY}; git describe --tags >out/tag || true`;
      await build(repo, 'i1', { command, more: ['--env', 'API=one-secret'] });
      const other = await build(repo, 'i2', { command, more: ['--env', 'API=two-secret'] });
      expect(other).toBe('built: the variable API is not the same as in i1');
      expect(await build(repo, 'i3', { command })).toContain('the variable API is not the same');
      expect(await build(repo, 'i4', { command })).toContain('reused i3');
      expect(await build(repo, 'i5')).toContain('project_build_command is not the same');
      expect(await build(repo, 'i6', { env: { KOALACI_CPUS: '1' } })).toContain('KOALACI_CPUS');
      expect(await build(repo, 'i7', { command, env: { KOALACI_REUSE: 'off' } })).toBe('');
      await git(repo, 'tag', 'v1');
      expect(await build(repo, 'i8', { command })).toContain('built: ');
      expect(await koalaci.redis?.contents()).not.toContain('one-secret');
    },
    MINUTES,
  );

  it(
    'is one of its own branch or of the default branch, never the reverse',
    async () => {
      const { build } = reuseLane(koalaci, 'branches');
      const repo = await repoOf('static');
      await git(repo, 'branch', 'feature');
      await build(repo, 'b1', { branch: 'feature' });
      expect(await build(repo, 'b2')).toContain('built: ');
      await git(repo, 'branch', 'other');
      expect(await build(repo, 'b3', { branch: 'other' })).toContain('reused b2');
    },
    MINUTES,
  );

  it(
    'is built if the artifact is gone, or is not what was shipped',
    async () => {
      const { id, build } = reuseLane(koalaci, 'gone');
      const repo = await repoOf('static');
      await build(repo, 'g1');
      await rm(koalaci.artifact('g1', id));
      expect(await build(repo, 'g2')).toContain('g1 would do, but its artifact is not there any more');
      await appendFile(koalaci.artifact('g2', id), 'x');
      expect(await build(repo, 'g3')).toContain(
        'g2 would do, but its artifact is not the one that was shipped',
      );
      expect(await build(repo, 'g4')).toContain('reused g3');
    },
    MINUTES,
  );
});

it(
  'is none for a change in another package, also where yarn writes the manifests of all packages anew',
  async () => {
    const { build } = reuseLane(koalaci, 'berry');
    const { repo } = await monorepoHistory('berry', { commits: 1, seed: 1 });
    onTestFinished(() => rm(repo, { recursive: true, force: true }));
    const more = ['--root', 'apps/docs', '--package-manager', 'auto', '--dist-directory', 'dist'];
    const job = { command: SCRIPTS.berry, more, env: { KOALACI_REUSE: 'related' } };
    await build(repo, 'y1', job);
    await commit(repo, { 'packages/config/meta.json': 'other' });
    expect(await build(repo, 'y2', job)).toContain(
      'reused y1: nothing that apps/docs depends on has changed (1 of 55 files differ, all in packages/config)',
    );
    // Which its build reads, though it does not declare it.
    await commit(repo, { 'packages/data/src/more.js': 'other', 'apps/admin/new.js': '' });
    expect(await build(repo, 'y3', job)).toBe('built: packages/data/src/more.js changed');
  },
  MINUTES,
);

it(
  'is reproduced from its own statement',
  async () => {
    const { id, build } = reuseLane(koalaci, 'again');
    const repo = await repoOf('static');
    await build(repo, 'p1');
    await commit(repo);
    expect(await build(repo, 'p2')).toContain('reused p1');
    await until(() => isThere(proofPaths({ archive: koalaci.artifact('p2', id) }).provenance));
    const { exitCode, stdout, stderr } = await koalaci.run(['reproduce', 'p2']);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toContain('equal');
  },
  MINUTES,
);

it(
  'is audited: one that would have been wrong turns reuse off for the project',
  async () => {
    const { build } = reuseLane(koalaci, 'audit');
    const repo = await openRepo();
    const env = { KOALACI_REUSE_AUDIT: '1' };
    const unseen = `${COPY}; cp ${LOCAL_SOURCE}/unseen out/`;
    await writeFile(join(repo, 'unseen'), 'one');
    await build(repo, 'a1', { command: unseen });
    expect(await build(repo, 'a2', { command: unseen, env })).toContain(
      'a1, which could have been reused, has the same files',
    );
    const timed = `${COPY}; date +%s%N >out/now`;
    await build(repo, 'a3', { command: timed });
    expect(await build(repo, 'a4', { command: timed, env })).toContain('cannot be compared');
    await writeFile(join(repo, 'unseen'), 'two');
    const said = await build(repo, 'a5', { command: unseen, env });
    expect(said).toContain('(unseen)');
    expect(said).toContain('reuse is off for this project from now on');
    expect(await build(repo, 'a6', { command: unseen })).toContain(
      'built: reuse is off for this project: a1 would have been reused',
    );
  },
  MINUTES,
);
