// `auto` in a job, `koalaci detect`, and `koalaci init` in a project, as a user has them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { Koalaci, ROOT } from '../support/koalaci.js';
import { commit, repoOf } from '../support/repo.js';

const MINUTES = 60_000;
const AUTO = { manager: 'auto', command: 'auto', dist: 'auto' };
const ELEVENTY = {
  'package.json': '{ "private": true, "dependencies": { "@11ty/eleventy": "3" } }\n',
  'eleventy.config.js': 'module.exports = (config) => { config.setOutputDirectory("www"); };\n',
  'index.md': '# Koala\n',
};
const HUGO = {
  'hugo.toml': 'title = "Koala"\npublishDir = "www"\n',
  'layouts/index.html': '<h1>{{ .Site.Title }}</h1>\n',
};
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

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
    ['an address', async () => 'https://example.org/a.git', 2, 'is an address'],
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
  expect(await init()).toMatchObject({ exitCode: 6, stderr: found });
  expect(await init('--if-missing')).toMatchObject({ exitCode: 0, stderr: '' });
});

async function tmp(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-detect-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
