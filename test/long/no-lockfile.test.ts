// Projects without a lockfile, with every package manager.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

describe('without a lockfile a project of', () => {
  it.each([
    { fixture: 'npm', manager: 'npm', note: 'npm install', lockfile: 'package-lock.json', warm: true },
    { fixture: 'yarn-classic', manager: 'yarn', note: 'yarn install', lockfile: 'yarn.lock' },
    // yarn run reads it.
    {
      fixture: 'yarn-berry',
      manager: 'yarn',
      note: 'yarn install',
      lockfile: 'yarn.lock',
      there: true,
      warm: true,
    },
    { fixture: 'pnpm', manager: 'pnpm', note: 'pnpm install', lockfile: 'pnpm-lock.yaml' },
    { fixture: 'bun', manager: 'bun', note: 'bun install', lockfile: 'bun.lock' },
  ])(
    '$fixture is installed, and sees none that is not its own, also when the install is skipped',
    async ({ fixture, manager, note, lockfile, there = false, warm = false }) => {
      const id = `plain-${fixture}`;
      const own = project(id);
      const repo = await repoOf(fixture);
      await rm(join(repo, lockfile));
      await commit(repo, { '.gitignore': 'node_modules\n.yarn\ndist\n' });
      const command = `test -z "$(git status --porcelain)"
        test ${there ? '' : '!'} -e ${lockfile}
        ${manager} run build`;
      const build = async () => {
        const job = { id, project: own, manager, command, dist: '.' };
        const { exitCode, stdout, stderr } = await koalaci.build(repo, job);
        expect(exitCode, stderr + stdout).toBe(0);
        expect(stdout).toMatch(`koalaci: there is no lockfile: ${note} chooses the versions`);
        await saved(own);
        const files = Object.keys(await filesIn(koalaci.artifact(id, own)));
        expect(files).toContain('dist/index.html');
        expect(files).not.toContain(lockfile);
        return /– install/.test(stderr) ? 'skipped' : 'done';
      };
      expect(await build()).toBe('done');
      if (warm) expect(await build()).toBe('skipped');
    },
    5 * MINUTES,
  );

  it(
    'a directory that is no workspace of the root above it is installed by itself',
    async () => {
      const repo = await repoOf('npm', {
        'docs/package.json': '{"name":"docs","private":true,"dependencies":{"is-odd":"3.0.1"}}',
      });
      const job = { id: 'apart', project: project('apart'), manager: 'npm', dist: '.' };
      const command = 'node -e "require(\'is-odd\')"; test ! -e ../node_modules/ms; git diff --exit-code';
      const { exitCode, stdout, stderr } = await koalaci.build(repo, { ...job, command }, ['--root', 'docs']);
      expect(exitCode, stderr + stdout).toBe(0);
    },
    MINUTES,
  );
});
