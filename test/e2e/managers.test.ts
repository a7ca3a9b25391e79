// Every package manager, against the real registry: a frozen install, the project's build, the artifact.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, filesUnder } from '../support/artifact.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, git, repoOf } from '../support/repo.js';
import { forget, saved } from '../support/snapshots.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

describe('a project of', () => {
  it.each([
    { fixture: 'npm', manager: 'npm', command: 'npm run build', note: 'npm ci' },
    { fixture: 'yarn-classic', manager: 'yarn', command: 'yarn run build', note: '--frozen-lockfile' },
    { fixture: 'yarn-berry', manager: 'yarn', command: 'yarn run build', note: '--immutable' },
    { fixture: 'yarn-pnp', manager: 'yarn', command: 'yarn run build', note: '--immutable' },
    { fixture: 'pnpm', manager: 'pnpm', command: 'pnpm run build', note: 'pnpm install --frozen-lockfile' },
    { fixture: 'bun', manager: 'bun', command: 'bun run build', note: 'bun install --frozen-lockfile' },
  ])(
    '$fixture is installed from its lockfile and built',
    async ({ fixture, manager, command, note }) => {
      const repo = await repoOf(fixture);
      const { exitCode, stderr, stdout } = await koalaci.build(repo, {
        id: fixture,
        manager,
        command,
        dist: 'dist',
      });
      expect(exitCode, stderr + stdout).toBe(0);
      expect(stderr).toContain(note);
      const files = await filesIn(koalaci.artifact(fixture));
      expect(files['index.html']).toMatch(/<\w+/);
    },
    5 * MINUTES,
  );

  it(
    'each kind is told by itself when the manager is auto',
    async () => {
      for (const [fixture, note] of [
        ['pnpm', 'pnpm install'],
        ['bun', 'bun install'],
        ['npm', 'npm ci'],
      ] as const) {
        const job = { id: `auto-${fixture}`, manager: 'auto', command: 'true', dist: '.' };
        const { stderr } = await koalaci.build(await repoOf(fixture), job, ['--no-cache']);
        expect(stderr).toContain(note);
      }
    },
    5 * MINUTES,
  );

  it('none is shipped as it is', async () => {
    const { exitCode } = await koalaci.build(await repoOf('static'), { id: 'static' });
    expect(exitCode).toBe(0);
    expect(Object.keys(await filesIn(koalaci.artifact('static')))).toContain('index.html');
  });

  it(
    'a native add-on is compiled without fetching headers',
    async () => {
      // Where node-gyp keeps what it has fetched, and where it would fetch it from.
      const command = 'npm run build && [ -z "$(find ~ -path "*node-gyp*" -name node.h)" ]';
      const nowhere = ['--env', 'NODEJS_ORG_MIRROR=http://127.0.0.1:1'];
      const job = { id: 'native', manager: 'npm', command, dist: 'dist' };
      const { exitCode, stderr, stdout } = await koalaci.build(await repoOf('native-addon'), job, nowhere);
      expect(exitCode, stderr + stdout).toBe(0);
    },
    5 * MINUTES,
  );
});

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

describe('the Node version', () => {
  it.each([
    ['a range in engines', 'node-range', /^v20\./],
    ['a major in .nvmrc', 'node-nvmrc', /^v20\./],
    ['an exact version that the image does not have', 'node-exact', /^v22\.11\.0/],
  ])(
    'is the one of %s',
    async (_, fixture, version) => {
      const job = { id: fixture, manager: 'npm', command: 'npm run build', dist: 'dist' };
      const { exitCode, stderr, stdout } = await koalaci.build(await repoOf(fixture), job);
      expect(exitCode, stderr + stdout).toBe(0);
      expect((await filesIn(koalaci.artifact(fixture)))['version.txt']).toMatch(version);
    },
    3 * MINUTES,
  );

  it(
    'is for a range the one that a clean build gets, whatever earlier builds have fetched, which goes when it is of no use',
    async () => {
      const id = project('node-fetched');
      const repo = await repoOf('static');
      const command = '{ node --version; ls /koala/node; } >public/nodes';
      for (const [asked, got] of [
        ['22.11.0', '22.11.0'],
        ['<22.13', '20.'],
        ['22', '22.'],
      ] as const) {
        await commit(repo, { '.nvmrc': asked });
        const { exitCode, stderr } = await koalaci.build(repo, { id: 'fetched', project: id, command });
        expect(exitCode, stderr).toBe(0);
        expect(stderr).toContain(`node ${got}`);
        await saved(id);
      }
      const { nodes = '' } = await filesIn(koalaci.artifact('fetched', id));
      expect(nodes).toMatch(/^v22\./);
      expect(nodes).not.toContain('22.11.0');
    },
    3 * MINUTES,
  );

  it(
    'and those of the package managers are what mise and package.yaml say, and what corepack is told',
    async () => {
      const repo = await repoOf('static', {
        'mise.toml': '[tools]\nnode = "16"\n',
        'package.yaml': 'name: site\nprivate: true\npackageManager: pnpm@8.15.9 # ours\n',
        'other/package.json': JSON.stringify({ private: true, packageManager: 'yarn@3.6.0' }),
      });
      const command = `{ node --version; pnpm --version; npm --version; corepack pnpm@7.33.7 --version; cd other
        corepack enable; yarn --version; } >public/versions`;
      const { exitCode, stdout, stderr } = await koalaci.build(repo, {
        id: 'said',
        manager: 'auto',
        command,
      });
      expect(exitCode, stderr + stdout).toBe(0);
      expect(stderr).toMatch(
        /node 16\.[\d.]+ \(mise\.toml line 2: 16\), pnpm 8\.15\.9 \(package\.yaml line 3\)/,
      );
      // npm 9 is the last one that Node 16 can run.
      const { versions = '' } = await filesIn(koalaci.artifact('said'));
      expect(versions).toMatch(/^v16\.[\d.]+\n8\.15\.9\n9\.[\d.]+\n7\.33\.7\n(corepack: .*\n)?3\.6\.0\n$/);
    },
    3 * MINUTES,
  );

  it.each([
    { manager: 'npm', told: 'enable', version: '9.15.0' },
    { manager: 'auto', told: 'prepare pnpm@8.15.9 --activate', version: '8.15.9' },
  ])(
    'of a package manager is what corepack is told, also after the build has installed one: $told',
    async ({ manager, told, version }) => {
      const manifest = { name: 'x', private: true, packageManager: 'pnpm@9.15.0' };
      const repo = await repoOf('static', { 'package.json': JSON.stringify(manifest) });
      const command = `npm install --global corepack@latest && corepack ${told} && pnpm --version >public/version`;
      const id = `corepack-${manager}`;
      const { exitCode, stdout, stderr } = await koalaci.build(repo, { id, manager, command });
      expect(exitCode, stderr + stdout).toBe(0);
      expect((await filesIn(koalaci.artifact(id))).version).toBe(`${version}\n`);
    },
    3 * MINUTES,
  );

  it(
    'that does not exist ends the build, with the file and line that ask for it',
    async () => {
      const repo = await repoOf('static', { '.nvmrc': '# ours\n99.1.0\n' });
      const { exitCode, stderr } = await koalaci.build(repo, { id: 'node-none' });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('no Node.js version "99.1.0", which .nvmrc line 2 asks for');
    },
    MINUTES,
  );
});

it(
  'a Vite and React project is built to the same files as by hand',
  async () => {
    const repo = await repoOf('vite-react');
    const byHand = await mkdtemp(join(tmpdir(), 'koala-by-hand-'));
    try {
      await execa('git', ['clone', '--quiet', repo, byHand]);
      // As in a user's shell: vitest's own variables would make it another build.
      const kept = ['PATH', 'HOME', 'NODE_EXTRA_CA_CERTS'];
      const env = Object.fromEntries(kept.map((name) => [name, process.env[name]]));
      const asUser = { cwd: byHand, env, extendEnv: false };
      await execa('npm', ['ci'], asUser);
      await execa('npm', ['run', 'build'], asUser);
      const { exitCode, stdout } = await koalaci.build(repo, {
        id: 'vite',
        manager: 'npm',
        command: 'npm run build',
        dist: 'dist',
      });
      expect(exitCode, stdout).toBe(0);
      const built = await filesIn(koalaci.artifact('vite'));
      expect(Object.keys(built).length).toBeGreaterThan(1);
      const expected = await filesUnder(join(byHand, 'dist'));
      expect(Object.keys(built).sort()).toEqual(Object.keys(expected).sort());
      for (const [path, content] of Object.entries(expected))
        expect(built[path] === content, path).toBe(true);
    } finally {
      await rm(byHand, { recursive: true, force: true });
    }
  },
  5 * MINUTES,
);
