// Every package manager, against the real registry: a frozen install, the project's build, the artifact.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, filesUnder } from '../support/artifact.js';
import { Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';

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
