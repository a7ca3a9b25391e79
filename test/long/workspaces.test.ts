// Workspaces of every package manager, built in one of their directories.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { commit, git, repoOf } from '../support/repo.js';
import { forget, saved } from '../support/snapshots.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

describe('workspaces of', () => {
  it.each([
    { kind: 'npm', manager: 'npm', command: 'npm run build' },
    { kind: 'yarn-classic', manager: 'yarn', command: 'yarn run build' },
    { kind: 'yarn-berry', manager: 'yarn', command: 'yarn run build' },
    // Without node_modules only Plug'n'Play finds the library, and what the library needs.
    { kind: 'yarn-pnp', manager: 'yarn', command: 'yarn run build && test ! -e ../../node_modules' },
    { kind: 'pnpm', manager: 'pnpm', command: 'pnpm run build' },
    { kind: 'bun', manager: 'bun', command: 'bun run build' },
  ])(
    '$kind are built in a sub-directory from the lockfile of the root, warm with what changed in a library',
    async ({ kind, manager, command }) => {
      const id = `workspaces-${kind}`;
      // A project of its own: its snapshot is that of the same workspaces.
      const project = `${PROJECT}-${kind}`;
      const repo = await repoOf(id);
      const build = async () => {
        const job = { id, project, manager, command, dist: 'dist' };
        const { exitCode, stdout, stderr } = await koalaci.build(repo, job, ['--root', 'apps/site']);
        expect(exitCode, stderr + stdout).toBe(0);
        await saved(project);
        const files = await filesIn(koalaci.artifact(id, project));
        const install = /– install/.test(stderr) ? 'skipped' : 'done';
        return { built: { page: files['index.html'], install }, log: stderr + stdout };
      };
      const expectBuilt = async (expected: { page: string; install: string }) => {
        const { built, log } = await build();
        expect(built, log).toEqual(expected);
      };
      const library = (minutes: number) => ({
        'packages/lib/index.js': `const ms = require('ms');\nexports.age = () => ms(${minutes} * 60_000);\n`,
      });
      try {
        await expectBuilt({ page: '<p>1m</p>\n', install: 'done' });
        await commit(repo, library(2));
        await expectBuilt({ page: '<p>2m</p>\n', install: 'skipped' });
        const path = 'packages/lib/package.json';
        const manifest = JSON.parse((await git(repo, 'show', `HEAD:${path}`)).stdout) as object;
        const described = JSON.stringify({ ...manifest, description: 'how old' });
        await commit(repo, { ...library(3), [path]: described });
        await expectBuilt({ page: '<p>3m</p>\n', install: 'done' });
      } finally {
        await saved(project);
        await forget(project);
      }
    },
    5 * MINUTES,
  );
});
