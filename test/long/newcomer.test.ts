// Somebody who has never seen koalaci, with the README and the first guide beside the terminal.
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { docker } from '../support/docker.js';
import { ROOT } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, git } from '../support/repo.js';
import { forget, saved } from '../support/snapshots.js';

const MINUTE = 60_000;
const WIDTH = 80;
const NAME = project('my-site');
const EXAMPLE = /my-site-[0-9a-f]{7}-[0-9a-f]{6}/;

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'koala-newcomer-'));
  await mkdir(join(home, 'bin'));
  await symlink(join(ROOT, 'bin/koalaci.js'), join(home, 'bin/koalaci'));
  const site = join(home, 'my-site');
  await mkdir(site);
  await git(site, 'init', '--quiet', '--initial-branch', 'main');
  await commit(site, {
    'package.json': JSON.stringify({ name: NAME, scripts: { build: 'node build.js' } }),
    'package-lock.json': JSON.stringify({
      name: NAME,
      lockfileVersion: 3,
      packages: { '': { name: NAME } },
    }),
    'build.js': `import('node:fs').then(({ mkdirSync, writeFileSync }) => {
      mkdirSync('dist', { recursive: true });
      writeFileSync('dist/index.html', '<h1>Hello</h1>');
    });`,
  });
});

afterAll(async () => {
  await saved(NAME);
  await forget(NAME);
  const redis = await docker('ps', '--all', '--quiet', '--filter', `volume=${join(home, 'koalaci/redis')}`);
  for (const container of redis.split('\n').filter(Boolean)) await docker('rm', '--force', container);
  await rm(home, { recursive: true, force: true });
});

it(
  'builds a project of their own with what the README says, in a terminal of 80 columns, and unpacks what came out',
  async () => {
    const readme = await blocksOf('README.md', '## Your own project');
    const [first = []] = readme;
    expect(first).toEqual(['koalaci init', 'koalaci run .']);
    const [begun, built] = [await type(first[0] ?? ''), await type(first[1] ?? '')];
    expect(begun).toMatchObject({ exitCode: 0, screen: expect.stringContaining('config.json') });
    expect(built).toMatchObject({ exitCode: 0, screen: expect.stringMatching(/READY/) });
    const id = new RegExp(`${NAME}-[0-9a-f]{7}-[0-9a-f]{6}`).exec(built.screen)?.[0] ?? '';
    const guide = await blocksOf('src/guides/first-artifact.md', '## What to do with the .tar.gz');
    for (const line of guide[0] ?? [])
      expect(await type(line.replace(EXAMPLE, id).replaceAll('/var/www', home))).toMatchObject({
        exitCode: 0,
      });
    expect(await readFile(join(home, 'my-site/index.html'), 'utf8')).toBe('<h1>Hello</h1>');
    for (const line of ['koalaci list', `koalaci status ${id}`, `koalaci logs ${id}`, 'koalaci doctor']) {
      const { exitCode, screen } = await type(line);
      expect.soft([line, exitCode]).toEqual([line, 0]);
      expect.soft(screen).not.toBe('');
    }
    const wide = (await type('koalaci list')).screen.split('\n').filter((line) => line.length > WIDTH);
    expect(wide).toEqual([]);
  },
  5 * MINUTE,
);

/** The commands of each block of shell below a heading, without what is said of them. */
async function blocksOf(file: string, heading: string): Promise<string[][]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  const [, below = ''] = text.split(`\n${heading}\n`);
  return [...below.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+# .*$/, '').trim())
      .filter((line) => line !== ''),
  );
}

/** Types a line in the project's directory, on a terminal. */
async function type(line: string): Promise<{ exitCode: number | undefined; screen: string }> {
  const script = `stty cols ${WIDTH} rows 24; cd ${home}/my-site; ${line}`;
  const { exitCode, stdout } = await execa(
    'script',
    ['--quiet', '--return', '--command', script, '/dev/null'],
    {
      reject: false,
      stdin: 'ignore',
      extendEnv: false,
      env: {
        ...{ HOME: home, KOALACI_HOME: join(home, 'koalaci'), TERM: 'xterm-256color', USER: 'newcomer' },
        PATH: `${join(home, 'bin')}:${process.env.PATH}`,
        KOALACI_IMAGE: process.env.KOALACI_IMAGE ?? '',
        KOALACI_STANDBY: 'off',
        NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '',
      },
    },
  );
  const screen = stdout.replaceAll('\r\n', '\n').replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '');
  return { exitCode, screen };
}
