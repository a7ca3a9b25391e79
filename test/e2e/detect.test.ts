// `auto` in a job, `koalaci detect`, and `koalaci init` in a project, as a user has them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { Koalaci, ROOT } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, repoOf } from '../support/repo.js';

const MINUTES = 60_000;
const AUTO = { manager: 'auto', command: 'auto', dist: 'auto' };
const ELEVENTY = {
  'package.json': '{ "private": true, "dependencies": { "@11ty/eleventy": "3" } }\n',
  'eleventy.config.js': 'module.exports = (config) => { config.setOutputDirectory("www"); };\n',
  'index.md': '# Koala\n',
};
const VITE = '{ "dependencies": { "vite": "6" }, "scripts": { "build": "vite build" } }';
const HUGO = {
  'hugo.toml': 'title = "Koala"\npublishDir = "www"\n',
  'layouts/index.html': '<h1>{{ .Site.Title }}</h1>\n',
};
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** Root, command, dist directory, package manager and Node; and a key that counts for nothing. */
const OWN = {
  'koalaci.json': JSON.stringify({
    project_root: 'apps/web',
    project_build_command: 'mkdir out; node --version >out/node.txt',
    project_dist_directory: 'out',
    project_package_manager: 'none',
    node_version: '20',
    env: { KEY: 'value' },
  }),
  'apps/web/package.json': VITE,
};

describe('auto', () => {
  it.each([
    {
      name: 'Vite',
      fixture: 'vite-react',
      says: ['framework: Vite', 'build command: npm run build', 'dist directory: dist'],
      file: 'index.html',
    },
    {
      name: 'Eleventy',
      fixture: 'static',
      files: ELEVENTY,
      says: ['build command: npx eleventy', 'dist directory: www (setOutputDirectory, eleventy.config.js)'],
      file: 'index.html',
    },
    {
      name: 'Hugo',
      fixture: 'static',
      files: HUGO,
      says: ['build command: hugo --gc --minify', 'dist directory: www (publishDir, hugo.toml)'],
      file: 'index.html',
    },
    {
      name: 'plain files',
      fixture: 'static',
      says: ['framework: Plain HTML', 'build command: none'],
      file: 'index.html',
    },
    {
      name: 'koalaci.json',
      fixture: 'static',
      files: OWN,
      says: [
        'koalaci.json: env: not taken from it',
        'project_root: apps/web (koalaci.json)',
        'build command: mkdir out; node --version >out/node.txt (project_build_command, koalaci.json)',
        'dist directory: out (project_dist_directory, koalaci.json)',
      ],
      file: 'node.txt',
    },
    {
      name: 'a monorepo',
      fixture: 'workspaces-pnpm',
      says: ['dist directory: apps/site/dist'],
      file: 'index.html',
    },
  ])(
    'builds $name',
    async ({ name, fixture, files, says, file }) => {
      const id = name.replace(' ', '-');
      const { exitCode, stdout, stderr } = await koalaci.build(await repoOf(fixture, files), { id, ...AUTO });
      expect(exitCode, stderr + stdout).toBe(0);
      for (const line of says) expect(stdout).toContain(`koalaci: ${line}`);
      expect(await filesIn(koalaci.artifact(id))).toHaveProperty([file]);
    },
    5 * MINUTES,
  );

  it('is decided anew for each commit', async () => {
    const repo = await repoOf('static');
    expect((await koalaci.build(repo, { id: 'before', ...AUTO })).stdout).toContain('dist directory: public');
    await commit(repo, HUGO);
    const { exitCode, stdout, stderr } = await koalaci.build(repo, { id: 'after', ...AUTO });
    expect(exitCode, stderr + stdout).toBe(0);
    expect(stdout).toContain('koalaci: framework: Hugo');
    expect(await filesIn(koalaci.artifact('after'))).toHaveProperty(['index.html'], '<h1>Koala</h1>');
  });

  it('fails before the install where nothing tells what to build, and says what to set', async () => {
    const repo = await repoOf('static', {
      'public/index.html': '',
      'package.json': '{ "scripts": { "build": "make" } }',
    });
    const { exitCode, stderr } = await koalaci.build(repo, { id: 'unknown', ...AUTO });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('ERROR dist_missing: koalaci cannot tell the dist directory');
    expect(stderr).toContain('Set project_dist_directory to it.');
    expect(stderr).not.toContain('install');
  });

  it('stands for one field alone', async () => {
    const repo = await repoOf('npm');
    const { exitCode, stdout, stderr } = await koalaci.build(repo, { id: 'one', ...AUTO, dist: 'dist' });
    expect(exitCode, stderr + stdout).toBe(0);
    expect(stdout).not.toContain('dist directory:');
  });
});

it('auto says before the install what the image has not got', async () => {
  const { exitCode, stderr } = await koalaci.build(await repoOf('static', { 'mkdocs.yml': '' }), {
    id: 'missing',
    ...AUTO,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('ERROR build_failed: MkDocs needs mkdocs, which the builder image does not have');
  expect(stderr).not.toContain('install');
});

describe('koalaci run of a directory', () => {
  /** As in that directory; `koalaci run .`. */
  const runIn = (cwd: string, ...flags: string[]) =>
    execa(process.execPath, [join(ROOT, 'bin/koalaci.js'), 'run', ...flags], {
      cwd,
      env: {
        CI: 'true',
        KOALACI_HOME: koalaci.home,
        KOALACI_STANDBY: 'off',
        REDIS_URL: koalaci.redis?.url ?? '',
      },
      reject: false,
    });
  const ids = () => ['--project-id', project('here')];

  it.each([
    { name: 'Hugo', files: HUGO, row: /^build command +hugo --gc --minify +no script runs it/m },
    { name: 'plain files', files: {}, row: /^dist directory +public +it has the index.html/m },
  ])(
    'builds $name as it is committed, and says why before',
    async ({ files, row }) => {
      const repo = await repoOf('static', files);
      await writeFile(join(repo, 'package.json'), '{ "scripts": { "build": "exit 1" } }');
      const { exitCode, stdout, stderr } = await runIn(repo, '.', ...ids());
      expect(exitCode, stderr + stdout).toBe(0);
      expect(stderr).toMatch(row);
      expect(stderr).toMatch(/^branch +main +it is checked out$/m);
      expect(stderr).toContain('koalaci: warning: 1 change is not committed, and is not built: package.json');
      const [, archive = ''] = / {2}artifact +(\/\S+) /.exec(stderr) ?? [];
      expect(await filesIn(archive)).toHaveProperty(['index.html']);
    },
    5 * MINUTES,
  );

  it(
    'builds a directory of a repository, with flags that win',
    async () => {
      const repo = await repoOf('static', { 'apps/site/index.html': 'site' });
      const flags = ['--build-command', 'mkdir out && echo flag > out/a', '--dist-directory', 'out'];
      const { exitCode, stdout, stderr } = await runIn(repo, 'apps/site', ...ids(), ...flags);
      expect(exitCode, stderr + stdout).toBe(0);
      expect(stderr).toMatch(/^dist directory +out +--dist-directory$/m);
    },
    2 * MINUTES,
  );

  it.each([
    [
      'which one of several',
      { 'package.json': '{ "workspaces": ["*"] }', 'a/package.json': VITE, 'b/package.json': VITE },
      'Name one: koalaci run a.',
    ],
    [
      'what to give',
      { 'public/index.html': '', 'package.json': '{ "scripts": { "build": "make" } }' },
      'Give --dist-directory.',
    ],
  ])('says %s where nothing tells how it is built', async (_, files, remedy) => {
    const { exitCode, stderr } = await runIn(await repoOf('static', files), '.');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(remedy) });
  });

  it('is of what is committed: elsewhere it says what to type', async () => {
    const { exitCode, stderr } = await runIn(await tmp(), '.');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('git init && git add --all'),
    });
  });
});

describe('koalaci detect', () => {
  it('prints what a directory is, and why, as a table and as JSON', async () => {
    const repo = await repoOf('vite-react');
    const { stdout } = await koalaci.run(['detect', repo]);
    expect(stdout).toMatch(/^framework +Vite +vite in \w+ \(package\.json\)$/m);
    expect(stdout).toMatch(/^build command +npm run build +scripts\.build: vite build \(package\.json\)$/m);
    const json = JSON.parse((await koalaci.run(['detect', '--json', join(repo, 'src')])).stdout);
    expect(json).toMatchObject({
      root: 'src',
      framework: { value: null },
      package_manager: { value: 'npm', file: 'package-lock.json' },
    });
  });

  it.each([
    ['an empty directory', async () => tmp(), 4, 'no project in'],
    ['no directory', async () => '/nowhere', 4, 'there is no directory /nowhere'],
  ])('refuses %s', async (_, path, code, words) => {
    const { exitCode, stderr } = await koalaci.run(['detect', await path()]);
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: expect.stringContaining(words) });
  });
});

it('koalaci init in a project says what it found, each time that somebody asks', async () => {
  const home = await tmp();
  const repo = await repoOf('vite-react');
  const init = (...flags: string[]) =>
    execa(process.execPath, [join(ROOT, 'bin/koalaci.js'), 'init', ...flags], {
      cwd: repo,
      env: { KOALACI_HOME: home },
      reject: false,
    });
  const found = expect.stringMatching(/the project here.*\nframework +Vite/);
  expect(await init()).toMatchObject({ exitCode: 0, stderr: found });
  expect(await init()).toMatchObject({ exitCode: 0, stderr: found });
  expect(await init('--if-missing')).toMatchObject({ exitCode: 0, stderr: '' });
});

async function tmp(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-detect-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
