// A series of commits, built warm, one after the other.
import { chmod, mkdtemp, rename, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, sha256 } from '../support/artifact.js';
import { GitServer } from '../support/git-server.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { REFLECT } from '../support/reflect.js';
import { commit, git, repoOf } from '../support/repo.js';
import { saved } from '../support/snapshots.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

describe('a series of commits', () => {
  it(
    'gives warm, one after the other, the same artifacts as cold',
    async () => {
      const root = await mkdtemp(join(tmpdir(), 'koala-git-'));
      const server = await GitServer.start(root, 'pw');
      const warm = project('series');
      const coldProject = project('series-cold');
      try {
        const lib = await repoOf('static', { 'lib.txt': 'one' });
        await git(root, 'clone', '--quiet', '--bare', lib, 'lib.git');
        const repo = await repoOf('npm', { '.gitignore': 'node_modules\ndist\n*.log\n' });
        await git(root, 'clone', '--quiet', '--bare', repo, 'main.git');
        const bump = async (content: string) => {
          const sha = await commit(lib, { 'lib.txt': content });
          await git(lib, 'push', '--quiet', join(root, 'lib.git'), 'main');
          await git(repo, 'update-index', '--add', '--cacheinfo', `160000,${sha},public/lib`);
        };
        const at = (path: string) => join(repo, path);
        const changes: (() => Promise<unknown>)[] = [
          () =>
            commit(repo, {
              'public/index.html': 'x',
              'public/style.css': 'y',
              'tracked-a': 'a',
              'src/b.js': 'b',
            }),
          async () => {
            await unlink(at('src/b.js'));
            await commit(repo, {
              'public/new.txt': 'new',
              'src/generated/g': 'tracked now',
              'left.txt': 'tracked now',
              'debug.log': 'ignored',
            });
          },
          async () => {
            await rename(at('public/new.txt'), at('public/renamed.txt'));
            await chmod(at('tracked-a'), 0o755);
            await symlink('renamed.txt', at('public/link'));
            await rm(at('src/generated'), { recursive: true });
            await unlink(at('left.txt'));
          },
          async () => {
            await unlink(at('public/link'));
            await commit(repo, {
              'public/link': 'a file now',
              'tracked-a': 'a, again',
              'public/style.css': '',
            });
          },
          async () => {
            await unlink(at('public/link'));
            await commit(repo, {
              'public/link/inside': 'a directory now',
              '.gitmodules': '[submodule "public/lib"]\n\tpath = public/lib\n\turl = ../lib.git\n',
            });
            await bump('two');
          },
          async () => {
            await bump('three');
            await commit(repo, await withoutDependency(repo, 'ms'));
          },
          async () => {
            await git(repo, 'revert', '--no-edit', 'HEAD~1');
            await rm(at('public/renamed.txt'));
            await commit(repo, { 'public/ü ö\ttab.txt': 'odd name', '-dash': 'dash' });
          },
        ];
        for (const [index, change] of changes.entries()) {
          await change();
          await git(repo, 'add', '--all', '--', '.', ':!public/lib');
          await git(repo, 'commit', '--quiet', '--allow-empty', '--message', `change ${index}`);
          await git(repo, 'push', '--quiet', '--force', join(root, 'main.git'), 'main');
          const url = server.withPassword('main.git', 'pw');
          const job = { id: 'series', manager: 'npm', command: REFLECT, dist: 'dist' };
          const hot = await koalaci.build(url, { ...job, project: warm });
          expect(hot.exitCode, hot.stdout + hot.stderr).toBe(0);
          if (index > 0) expect(hot.stderr).toContain(', warm');
          await saved(warm);
          // What a warm build keeps wrongly stays, so not every one of them is compared.
          if (index % 2 === 0 && index < changes.length - 1) continue;
          const cold = await koalaci.build(url, { ...job, project: coldProject }, ['--no-cache']);
          expect(cold.exitCode, cold.stdout + cold.stderr).toBe(0);
          const [expected, built] = [
            await filesIn(koalaci.artifact('series', coldProject)),
            await filesIn(koalaci.artifact('series', warm)),
          ];
          expect(built['tree.txt'], `change ${index}`).toBe(expected['tree.txt']);
          expect(await sha256(koalaci.artifact('series', warm))).toBe(
            await sha256(koalaci.artifact('series', coldProject)),
          );
        }
      } finally {
        await server.stop();
        await rm(root, { recursive: true, force: true });
      }
    },
    10 * MINUTES,
  );

  it(
    'leaves the times of files alone that did not change',
    async () => {
      const id = project('times');
      const repo = await repoOf('static', { same: 'same', other: 'one' });
      const job = { id: 'times', project: id, command: 'stat -c "%n %y" same other >public/times' };
      const times = async () => {
        expect((await koalaci.build(repo, job)).exitCode).toBe(0);
        await saved(id);
        return ((await filesIn(koalaci.artifact('times', id))).times ?? '').split('\n');
      };
      const before = await times();
      await commit(repo, { other: 'two' });
      const after = await times();
      expect(after[0]).toBe(before[0]);
      expect(after[1]).not.toBe(before[1]);
    },
    MINUTES,
  );
});

/** package.json and its lockfile without one of the dependencies. */
async function withoutDependency(repo: string, name: string): Promise<Record<string, string>> {
  const read = async (path: string) => JSON.parse((await git(repo, 'show', `HEAD:${path}`)).stdout);
  const manifest = await read('package.json');
  const lock = await read('package-lock.json');
  delete manifest.dependencies[name];
  delete lock.packages[''].dependencies[name];
  delete lock.packages[`node_modules/${name}`];
  return { 'package.json': JSON.stringify(manifest), 'package-lock.json': JSON.stringify(lock) };
}
