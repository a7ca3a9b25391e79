// Warm builds: as right as a cold one, and only as warm as is safe.
import { chmod, mkdtemp, rename, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, sha256 } from '../support/artifact.js';
import { docker } from '../support/docker.js';
import { GitServer } from '../support/git-server.js';
import { Koalaci } from '../support/koalaci.js';
import { KEEPS_MARK, MARK } from '../support/mark.js';
import { project } from '../support/projects.js';
import { REFLECT } from '../support/reflect.js';
import { commit, git, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';

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

describe('a snapshot', () => {
  const SHOW = MARK('from $(git branch --show-current)');

  it(
    'is of its branch; a new branch starts from the default one’s and never writes to it',
    async () => {
      const id = project('branches');
      const repo = await repoOf('static', KEEPS_MARK);
      const build = async (branch: string, more: string[] = []) => {
        const { stdout, exitCode } = await koalaci.build(
          repo,
          { id: 'branches', project: id, branch, command: SHOW },
          more,
        );
        expect(exitCode).toBe(0);
        await saved(id);
        return stdout;
      };
      expect(await build('main')).toBe('');
      await git(repo, 'checkout', '--quiet', '-b', 'feature');
      await commit(repo);
      expect(await build('feature')).toBe('from main');
      expect(await build('feature')).toBe('from feature');
      expect(await build('main')).toBe('from main');
      expect(await build('main', ['--no-cache'])).toBe('');
      expect(await build('main')).toBe('from main');
    },
    2 * MINUTES,
  );

  it(
    'of a build that failed is not kept, nor of another user’s project of the same name',
    async () => {
      const id = project('kept');
      const repo = await repoOf('static', KEEPS_MARK);
      expect(
        (await koalaci.build(repo, { id: 'kept', project: id, command: `${SHOW}; false` })).exitCode,
      ).toBe(1);
      expect(await snapshotsOf(id)).toEqual({});
      await koalaci.build(repo, { id: 'kept', project: id, command: SHOW });
      await saved(id);
      const { stdout: token } = await koalaci.run(['token', '--user', 'bob']);
      const other = await koalaci.build(repo, { id: 'kept', project: id, command: SHOW }, ['--token', token]);
      expect(other.stdout).toBe('');
      await saved(id);
    },
    MINUTES,
  );

  it(
    'holds neither the dist directory, nor secrets, nor what a build planted for root or for git',
    async () => {
      const id = project('clean');
      const repo = await repoOf('static');
      const plant = `echo built >public/built; mkdir -p .git/hooks; printf '#!/bin/sh\\necho HOOKED\\n' >.git/hooks/post-checkout
      chmod +x .git/hooks/post-checkout; git config core.fsmonitor 'echo FSMONITORED'; git config core.hooksPath .git/hooks
      echo 'echo RC' >~/.bashrc; git config --global alias.log '!echo ALIASED'; printf 'prefix=/tmp' >~/.npmrc`;
      const job = { id: 'clean', project: id };
      await koalaci.build(repo, { ...job, command: plant }, ['--env', 'KEY=s3cret-value-42']);
      await saved(id);
      const [tag] = Object.keys(await snapshotsOf(id));
      const look =
        'ls -A /workspace /workspace/public && echo listed; ls -A /home/build; grep -rsl s3cret-value-42 /workspace /home /koala/state /koala/git /etc /var/tmp; true';
      const held = await docker('run', '--rm', `koalaci-snapshot:${tag}`, 'sh', '-c', look);
      expect(held).toContain('listed');
      expect(held).not.toMatch(/built|hooks|\.npmrc|\.bashrc|s3cret|koala\/state/);
      expect(await docker('image', 'inspect', `koalaci-snapshot:${tag}`)).not.toContain('s3cret-value-42');
      await commit(repo);
      const next = await koalaci.build(repo, {
        ...job,
        command: 'git log -1 --format=ok; ls -A ~; git config core.hooksPath || true',
      });
      expect(next.stderr).toContain(', warm');
      expect(next.stdout).toContain('ok');
      expect(next.stdout).not.toMatch(/HOOKED|FSMONITORED|RC|ALIASED|npmrc|bashrc|gitconfig/);
      await saved(id);
    },
    MINUTES,
  );
});

it(
  'koalaci cache lists the snapshots of the user, and removes them',
  async () => {
    const id = project('cache');
    const repo = await repoOf('static');
    await koalaci.build(repo, { id: 'cache', project: id });
    await saved(id);
    const entries = async () => {
      const all = JSON.parse((await koalaci.run(['cache', 'ls', '--json'])).stdout) as {
        project: string;
        branch: string;
      }[];
      return all.filter((entry) => entry.project === id);
    };
    expect(await entries()).toMatchObject([{ project: id, branch: 'main', user: 'ann' }]);
    const { stdout: token } = await koalaci.run(['token', '--user', 'bob']);
    expect((await koalaci.run(['cache', 'rm', id, '--token', token])).exitCode).toBe(4);
    expect((await koalaci.run(['cache', 'rm', id, 'main'])).exitCode).toBe(0);
    expect(await entries()).toEqual([]);
    expect(await snapshotsOf(id)).toEqual({});
    expect((await koalaci.build(repo, { id: 'cache', project: id })).stderr).not.toContain('warm');
    await saved(id);
  },
  MINUTES,
);

describe('the install', () => {
  const job = { manager: 'npm', command: 'npm run build', dist: 'dist' };

  it(
    'is skipped until something that it depends on changes, or is gone',
    async () => {
      const id = project('install');
      const repo = await repoOf('npm');
      const build = async (more: string[] = [], command = job.command) => {
        const { exitCode, stdout, stderr } = await koalaci.build(
          repo,
          { ...job, id: 'install', project: id, command },
          more,
        );
        expect(exitCode, stdout + stderr).toBe(0);
        await saved(id);
        return /– install/.test(stderr) ? 'skipped' : 'done';
      };
      expect(await build()).toBe('done');
      expect(await build()).toBe('skipped');
      await commit(repo, { 'src/new.js': '' });
      expect(await build()).toBe('skipped');
      await commit(repo, { '.npmrc': 'fund=false\n' });
      expect(await build()).toBe('done');
      expect(await build(['--env', 'NODE_ENV=development'])).toBe('done');
      expect(await build()).toBe('done');
      await commit(repo, { 'src/other.js': '' });
      expect(await build([], 'npm run build && rm -rf node_modules')).toBe('skipped');
      expect(await build()).toBe('done');
      expect(await build(['--node-version', '20'])).toBe('done');
    },
    3 * MINUTES,
  );

  it(
    'is done again for every change when the project has install scripts of its own',
    async () => {
      const id = project('scripts');
      const manifest = {
        name: 'x',
        scripts: {
          postinstall: 'cp input node_modules/copy',
          build: 'mkdir -p dist; cp node_modules/copy dist/',
        },
      };
      const lock = {
        name: 'x',
        lockfileVersion: 3,
        requires: true,
        packages: {
          '': { name: 'x', hasInstallScript: true, devDependencies: { ms: '2.1.3' } },
          'node_modules/ms': {
            version: '2.1.3',
            resolved: 'https://registry.npmjs.org/ms/-/ms-2.1.3.tgz',
            dev: true,
          },
        },
      };
      const files = {
        'package.json': JSON.stringify({ ...manifest, devDependencies: { ms: '2.1.3' } }),
        'package-lock.json': JSON.stringify(lock),
        input: 'one',
      };
      const repo = await repoOf('static', files);
      const copy = async () => {
        const { exitCode, stdout, stderr } = await koalaci.build(repo, {
          ...job,
          id: 'scripts',
          project: id,
        });
        expect(exitCode, stdout + stderr).toBe(0);
        await saved(id);
        return (await filesIn(koalaci.artifact('scripts', id))).copy;
      };
      expect(await copy()).toBe('one');
      await commit(repo, { input: 'two' });
      expect(await copy()).toBe('two');
    },
    2 * MINUTES,
  );

  it(
    'does not meet what the last build did to its directories',
    async () => {
      const id = project('broken');
      const repo = await repoOf('npm');
      const command =
        'npm run build && chmod 000 node_modules && mkdir -p node_modules_x/y && chmod 000 node_modules_x';
      const build = (what: string) =>
        koalaci.build(repo, { ...job, id: 'broken', project: id, command: what });
      expect((await build(command)).exitCode).toBe(0);
      await saved(id);
      await commit(repo, { '.npmrc': 'fund=false\n' });
      const { exitCode, stdout, stderr } = await build('test ! -e node_modules_x && npm run build');
      expect(exitCode, stdout + stderr).toBe(0);
      expect(stderr).toContain(', warm');
      await saved(id);
    },
    2 * MINUTES,
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
