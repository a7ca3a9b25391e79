import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { docker } from '../support/docker.js';
import { Koalaci } from '../support/koalaci.js';
import { KEEPS_MARK, MARK } from '../support/mark.js';
import { project } from '../support/projects.js';
import { commit, git, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

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
