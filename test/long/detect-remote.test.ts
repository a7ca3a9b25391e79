// `koalaci detect <url>` and POST /detect: what a repository is that is somewhere else.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { installationId } from '../../src/settings/installation.js';
import { type Answer, Daemon } from '../support/daemon.js';
import { docker } from '../support/docker.js';
import { buildsGateway, GitServer } from '../support/git-server.js';
import { Koalaci } from '../support/koalaci.js';
import { commit, git, repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const PASSWORD = 'p4ssw0rd-of-git';
const MONOREPO = {
  'package.json': '{ "workspaces": ["apps/*"] }\n',
  'apps/site/package.json': '{ "name": "site", "dependencies": { "astro": "5" } }\n',
};
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** The containers in which this installation looks at repositories. */
async function containers(): Promise<string[]> {
  const prefix = `koalaci-detect-${installationId(koalaci.home, koalaci.redis?.url)}-`;
  const names = await docker('ps', '--all', '--filter', `name=^${prefix}`, '--format', '{{.Names}}');
  return names.split('\n').filter((name) => name !== '');
}

/** The address of a git server that accepts connections, and never answers. */
async function silentServer(): Promise<{ url: string; asked: () => boolean }> {
  let isAsked = false;
  const server: Server = createServer(() => {
    isAsked = true;
  });
  await new Promise<void>((resolve) => buildsGateway().then((host) => server.listen(0, host, resolve)));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { address, port } = server.address() as AddressInfo;
  return { url: `http://${address}:${port}/site.git`, asked: () => isAsked };
}

describe('koalaci detect URL', () => {
  it(
    'says the same as in a clone',
    async () => {
      const repo = await repoOf('vite-react', { '.nvmrc': '20\n' });
      const here = await koalaci.run(['detect', '--json', repo]);
      const there = await koalaci.run(['detect', '--json', `file://${repo}`]);
      expect(there, there.stderr).toMatchObject({ exitCode: 0, stderr: '' });
      expect(JSON.parse(there.stdout)).toEqual(JSON.parse(here.stdout));
      expect(JSON.parse(there.stdout)).toMatchObject({
        framework: { value: 'Vite' },
        node_version: { value: '20' },
      });
      expect(await containers()).toEqual([]);
    },
    MINUTE,
  );

  it(
    'looks at the branch that HEAD names, or at another one, or at a tag, and at a directory of it',
    async () => {
      const repo = await repoOf('static');
      await git(repo, 'tag', 'plain');
      await git(repo, 'checkout', '--quiet', '-b', 'trunk');
      await commit(repo, MONOREPO);
      const detect = async (...flags: string[]) => {
        const { stdout, stderr } = await koalaci.run(['detect', '--json', `file://${repo}`, ...flags]);
        const { framework, dist_directory } = JSON.parse(stdout || `{"stderr":${JSON.stringify(stderr)}}`);
        return [framework.value, dist_directory.value];
      };
      expect(await detect()).toEqual(['Astro', 'apps/site/dist']);
      expect(await detect('--root', 'apps/site')).toEqual(['Astro', 'dist']);
      expect(await detect('--branch', 'main')).toEqual(['Plain HTML', 'public']);
      expect(await detect('--branch', 'refs/tags/plain')).toEqual(['Plain HTML', 'public']);
    },
    MINUTE,
  );

  it(
    'fetches over http with the credentials of the address, and no submodule',
    async () => {
      const repo = await repoOf('static', {
        '.gitmodules': '[submodule "theme"]\n  path = theme\n  url = https://127.0.0.1:1/none\n',
        'hugo.toml': '',
      });
      const { stdout: sha } = await git(repo, 'rev-parse', 'HEAD');
      await git(repo, 'update-index', '--add', '--cacheinfo', `160000,${sha},theme`);
      await git(repo, 'commit', '--quiet', '--message', 'a theme');
      const directory = await mkdtemp(join(tmpdir(), 'koala-served-'));
      onTestFinished(() => rm(directory, { recursive: true, force: true }));
      await cp(join(repo, '.git'), join(directory, 'site.git'), { recursive: true });
      const server = await GitServer.start(directory, PASSWORD);
      onTestFinished(() => server.stop());
      const found = await koalaci.run(['detect', server.withPassword('site.git', PASSWORD)]);
      expect(found, found.stderr).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^framework +Hugo/),
      });
      const refused = await koalaci.run(['detect', server.withPassword('site.git', 'wr0ng-password')]);
      expect(refused).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringContaining('credentials'),
      });
      expect(refused.stderr).not.toContain('wr0ng-password');
    },
    MINUTE,
  );

  it.each([
    ['a branch', ['--branch', 'none'], 1, 'there is no branch or tag none in the local repository'],
    ['a root', ['--root', 'none'], 1, 'project_root none is not a directory of the repository'],
    ['a valid root', ['--root', '../..'], 2, 'project_root: must be a relative path'],
  ])(
    'refuses what has not got %s',
    async (_, flags, exitCode, words) => {
      const repo = await repoOf('static');
      const refused = await koalaci.run(['detect', `file://${repo}`, ...flags]);
      expect(refused).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(words) });
      expect(await containers()).toEqual([]);
    },
    MINUTE,
  );

  it.each([
    [
      'an empty repository',
      async (repo: string) => git(repo, 'checkout', '--quiet', '--orphan', 'empty'),
      1,
      'commit on a default branch',
    ],
    [
      'one without a project',
      async (repo: string) => git(repo, 'rm', '--quiet', '-r', '.').then(() => commit(repo)),
      4,
      'no project in file:///',
    ],
  ])(
    'refuses %s',
    async (_, change, exitCode, words) => {
      const repo = await repoOf('static');
      await change(repo);
      const refused = await koalaci.run(['detect', `file://${repo}`]);
      expect(refused).toMatchObject({ exitCode, stderr: expect.stringContaining(words) });
    },
    MINUTE,
  );

  it(
    'leaves nothing when it is interrupted',
    async () => {
      const { url, asked } = await silentServer();
      const detecting = koalaci.start(['detect', url]);
      await until(asked);
      detecting.kill('SIGINT');
      expect((await detecting).exitCode).toBe(130);
      expect(await containers()).toEqual([]);
    },
    MINUTE,
  );

  it(
    'is cleaned up by the next one when it is killed',
    async () => {
      const { url, asked } = await silentServer();
      const detecting = koalaci.start(['detect', url]);
      await until(asked);
      detecting.kill('SIGKILL');
      await detecting;
      expect(await containers()).toHaveLength(1);
      await koalaci.run(['detect', `file://${await repoOf('static')}`]);
      expect(await containers()).toEqual([]);
    },
    MINUTE,
  );
});

describe('POST /detect', () => {
  let daemon: Daemon;
  let token: string;

  beforeAll(async () => {
    daemon = await Daemon.start(koalaci, ['serve', '--concurrency', '1']);
    token = (await koalaci.run(['token', '--user', 'ann'])).stdout.trim();
  });
  afterAll(() => daemon.stop());

  const ask = (body: unknown, of = daemon): Promise<Answer> => of.ask('POST', '/detect', { token, body });
  const refusal = ({ status, body }: Answer) => [status, body.error?.code, body.error?.message];

  it(
    'answers as koalaci detect --json does, and keeps no job',
    async () => {
      const repo = await repoOf('static', MONOREPO);
      const answer = await ask({ project_repo_url: repo, project_branch: 'main', project_root: 'apps/site' });
      const { stdout } = await koalaci.run(['detect', '--json', join(repo, 'apps/site')]);
      expect(answer).toMatchObject({ status: 200, body: { data: JSON.parse(stdout) } });
      expect(JSON.parse((await koalaci.run(['list', '--json'])).stdout)).toEqual([]);
    },
    MINUTE,
  );

  it(
    'refuses what it cannot look at, and says why',
    async () => {
      const repo = await repoOf('static');
      expect((await daemon.ask('POST', '/detect', { body: { project_repo_url: repo } })).status).toBe(401);
      expect(refusal(await ask({ project_repo_url: repo, project_build_command: 'x' }))).toEqual([
        400,
        'bad_input',
        'the request is not valid:\n  project_build_command: is not a field of a job',
      ]);
      expect(refusal(await ask({ project_repo_url: repo, project_branch: 'none' }))).toEqual([
        400,
        'source_failed',
        'there is no branch or tag none in the local repository',
      ]);
    },
    MINUTE,
  );

  it(
    'looks at nothing of the machine itself, unless that is allowed',
    async () => {
      const strict = await Daemon.start(koalaci, ['serve', '--concurrency', '1'], {
        KOALACI_ALLOW_LOCAL_SOURCES: '0',
      });
      onTestFinished(async () => void (await strict.stop()));
      for (const url of ['/etc', 'file:///etc', '~/x'])
        expect(refusal(await ask({ project_repo_url: url }, strict)).slice(0, 2)).toEqual([400, 'bad_input']);
    },
    MINUTE,
  );

  it(
    'stops when the client has gone',
    async () => {
      const { url, asked } = await silentServer();
      const client = new AbortController();
      const asking = fetch(`${daemon.url}/detect`, {
        method: 'POST',
        signal: client.signal,
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ project_repo_url: url }),
      });
      await until(asked);
      client.abort();
      await expect(asking).rejects.toThrow();
      await until(async () => (await containers()).length === 0);
    },
    MINUTE,
  );

  it(
    'stops with the service',
    async () => {
      const own = await Daemon.start(koalaci, ['serve', '--concurrency', '1']);
      const { url, asked } = await silentServer();
      const asking = ask({ project_repo_url: url }, own).catch(() => undefined);
      await until(asked);
      await own.stop();
      await asking;
      expect(await containers()).toEqual([]);
    },
    MINUTE,
  );
});
