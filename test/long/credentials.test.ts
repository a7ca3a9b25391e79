// Private repositories: over ssh, by the operator's file, for submodules and dependencies; and what is seen of the credentials.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { docker } from '../support/docker.js';
import { buildsGateway, GitServer } from '../support/git-server.js';
import { Koalaci } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { commit, git, repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { newKey, SshServer } from '../support/ssh-server.js';

const SLOW = 90_000;
const PASSWORD = 'pa55-word+/@';
let koalaci: Koalaci;
let root: string;
let http: GitServer;
let ssh: SshServer;
let keyFile: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  root = await mkdtemp(join(tmpdir(), 'koala-git-'));
  http = await GitServer.start(root, PASSWORD);
  ssh = await SshServer.start(root);
  keyFile = join(root, 'key');
  await writeFile(keyFile, ssh.key, { mode: 0o600 });
});
afterAll(async () => {
  await ssh.stop();
  await http.stop();
  await koalaci.close();
  await rm(root, { recursive: true, force: true });
});

const publish = (repo: string, name: string) => git(root, 'clone', '--quiet', '--bare', repo, name);

/** A repository with a submodule at public/lib, which has the file lib.txt. */
async function withSubmodule(name: string, address: string): Promise<void> {
  const lib = await repoOf('static', { 'lib.txt': 'from the submodule' });
  await rm(join(root, `${name}-lib.git`), { recursive: true, force: true });
  await publish(lib, `${name}-lib.git`);
  const main = await repoOf('static', {
    '.gitmodules': `[submodule "lib"]\n\tpath = public/lib\n\turl = ${address}\n`,
  });
  const sha = (await git(lib, 'rev-parse', 'HEAD')).stdout;
  await git(main, 'update-index', '--add', '--cacheinfo', `160000,${sha},public/lib`);
  await git(main, 'commit', '--quiet', '--message', 'a submodule');
  await publish(main, `${name}.git`);
}

const libOf = async (id: string) => (await filesIn(koalaci.artifact(id)))['lib/lib.txt'];

describe('a repository over ssh', () => {
  it(
    'is fetched with the key of the job, with its submodule; the host key is remembered, and a changed one refused',
    async () => {
      await withSubmodule('over-ssh', '../over-ssh-lib.git');
      const look =
        '{ cat /proc/*/cmdline /proc/*/environ 2>/dev/null || true; } | tr "\\0" "\\n"; ls -A /run/koala /tmp ~';
      const build = (id: string, more: string[] = []) =>
        koalaci.build(ssh.url('over-ssh.git'), { id, command: `${look}; ! ls /run/koala/given` }, [
          ...['--ssh-key-file', keyFile],
          ...more,
        ]);
      const first = await build('ssh-one');
      expect(first.exitCode, first.stdout + first.stderr).toBe(0);
      expect(await libOf('ssh-one')).toBe('from the submodule');
      expect(first.stdout).toMatch(/koalaci: the ssh host key of \[.*\]:\d+ is new here.*SHA256:/);
      const again = await build('ssh-two');
      expect(again.exitCode, again.stdout + again.stderr).toBe(0);
      expect(again.stdout).not.toContain('is new here');
      const recorded = String(await koalaci.redis?.contents());
      const secret = ssh.key.split('\n')[2] ?? '';
      expect(secret).toHaveLength(70);
      for (const place of [first.stdout, first.stderr, again.stdout, recorded])
        expect(place).not.toContain(secret);
      await ssh.changeHostKey();
      const changed = await build('ssh-changed', ['--no-cache']);
      expect(changed.exitCode).toBe(1);
      expect(changed.stderr).toMatch(/host key of .* is not the one that is known/);
      expect(changed.stderr).toContain('ssh-keygen -R');
      await rm(join(koalaci.home, 'known_hosts'));
    },
    SLOW,
  );

  it(
    'says what it needs without a key, and with a key that the server does not know',
    async () => {
      await publish(await repoOf('static'), 'no-key.git');
      const without = await koalaci.build(ssh.url('no-key.git'), { id: 'no-key' });
      expect(without.stderr).toContain(`no ssh key was given for ${ssh.host}`);
      expect(without.stderr).toContain('KOALACI_CREDENTIALS');
      const other = join(root, 'other-key');
      await newKey(other);
      const refused = await koalaci.build(ssh.url('no-key.git'), { id: 'bad-key' }, [
        '--ssh-key-file',
        other,
      ]);
      expect(refused.stderr).toContain('does not accept the ssh key');
    },
    SLOW,
  );
});

/** The operator's file with these rows, as a setting. */
async function operators(rows: object[]): Promise<{ KOALACI_CREDENTIALS: string }> {
  const path = join(root, 'credentials.json');
  await writeFile(path, JSON.stringify(rows), { mode: 0o600 });
  return { KOALACI_CREDENTIALS: path };
}
const hostOf = (server: GitServer) => server.url.replace('http://', '');
const password = () => ({ host: hostOf(http), user: 'git', password: PASSWORD });

describe('credentials for one form of the address', () => {
  it(
    'serve the other form of the same host: ssh addresses with a password',
    async () => {
      await withSubmodule('to-http', ssh.url('to-http-lib.git'));
      const env = await operators([password()]);
      const job = { id: 'to-http', command: '' };
      const { exitCode, stdout, stderr } = await koalaci.build(`${http.url}/to-http.git`, job, [], env);
      expect(exitCode, stdout + stderr).toBe(0);
      expect(await libOf('to-http')).toBe('from the submodule');
    },
    SLOW,
  );

  it(
    'serve the other form of the same host: http addresses with a key',
    async () => {
      await withSubmodule('to-ssh', `${http.url}/to-ssh-lib.git`);
      const more = ['--ssh-key-file', keyFile];
      const { exitCode, stdout, stderr } = await koalaci.build(ssh.url('to-ssh.git'), { id: 'to-ssh' }, more);
      expect(exitCode, stdout + stderr).toBe(0);
      expect(await libOf('to-ssh')).toBe('from the submodule');
    },
    SLOW,
  );
});

it(
  'an install gets what its dependencies need, the build does not, and no snapshot has it',
  async () => {
    const dep = await repoOf('static', {
      'package.json': JSON.stringify({ name: 'dep', version: '1.0.0', main: 'i.js' }),
      'i.js': 'module.exports = 7',
    });
    await publish(dep, 'dep.git');
    const from = `git+${ssh.url('dep.git')}#${(await git(dep, 'rev-parse', 'HEAD')).stdout}`;
    const manifest = { name: 'x', private: true, dependencies: { dep: from } };
    const repo = await repoOf('static', {
      'package.json': JSON.stringify({ ...manifest, scripts: { postinstall: 'ls -d /run/koala/given' } }),
      'package-lock.json': JSON.stringify({
        ...{ name: 'x', lockfileVersion: 3, requires: true },
        packages: { '': manifest, 'node_modules/dep': { version: '1.0.0', resolved: from } },
      }),
    });
    await publish(repo, 'install.git');
    const key = { host: ssh.host, ssh_key_file: 'key', known_hosts: [await ssh.hostKey()] };
    const id = project('install');
    const look =
      '[ ! -e /run/koala/given ]; ! ls /run/koala/credentials 2>/dev/null; ! env | grep -E "GIT_|KOALA_"';
    const command = `set -e; ${look}; mkdir dist; node -p 'require("dep")' >dist/v`;
    const job = { id: 'install', project: id, manager: 'npm', dist: 'dist', command };
    const without = await koalaci.build(repo, { ...job, id: 'no-dep-key' });
    expect(without.stderr).toContain(`needs ssh, and no ssh key was given for ${ssh.host}`);
    const env = await operators([password(), key, { host: 'elsewhere.invalid', token: 'tok-for-elsewhere' }]);
    const { exitCode, stdout, stderr } = await koalaci.build(`${http.url}/install.git`, job, [], env);
    expect(exitCode, stdout + stderr).toBe(0);
    expect((await filesIn(koalaci.artifact('install', id))).v).toBe('7\n');
    expect(stdout).not.toContain('is new here');
    await saved(id);
    const [image = ''] = Object.values(await snapshotsOf(id));
    const secrets = [PASSWORD, 'tok-for-elsewhere', ...ssh.key.split('\n').slice(2, 4)];
    const places = ['/home', '/koala/state', '/koala/git', '/workspace', '/root', '/etc'];
    const looked = [
      ...['run', '--rm', '--label', 'koalaci.test=1', '--entrypoint', 'grep', image, '-rlF'],
      ...secrets.flatMap((secret) => ['-e', secret]),
    ];
    expect(await docker(...looked, ...places).catch(() => 'nothing')).toBe('nothing');
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  },
  SLOW,
);

describe('a dependency of yarn 2 and newer from a private repository', () => {
  it.each([
    ['ssh', 'over ssh with a key', () => `git+${ssh.url('team/ssh.git')}`],
    ['scp', 'as git@host with a password', () => `git@${hostOf(http).replace(/:.*/, '')}:team/scp.git`],
    ['http', 'over HTTP with a password', () => `${http.url}/team/http.git`],
  ])(
    '%s, %s: is installed without a lockfile and with one',
    async (form, _, address) => {
      const dep = await repoOf('static', {
        'package.json': JSON.stringify({ name: 'dep', version: '1.0.0', main: 'i.js' }),
        'i.js': 'module.exports = 7',
      });
      await publish(dep, `team/${form}.git`);
      const manifest = { name: 'x', private: true, dependencies: { dep: `${address()}#main` } };
      const config = 'nodeLinker: node-modules\napprovedGitRepositories: ["**"]\n';
      const repo = await repoOf('static', {
        'package.json': JSON.stringify(manifest),
        '.yarnrc.yml': config,
      });
      await publish(repo, `with-${form}.git`);
      const key = { host: ssh.host, user: userInfo().username, ssh_key_file: 'key' };
      const env = await operators([password(), key]);
      const id = project(form);
      const command = `! ls /run/koala/given && mkdir dist && cp yarn.lock dist && node -p 'require("dep")' >dist/v`;
      const build = async (name: string) => {
        const job = { id: name, project: id, manager: 'yarn', dist: 'dist', command };
        const url = `${http.url}/with-${form}.git`;
        const built = await koalaci.build(url, job, ['--no-cache'], env);
        expect(built.exitCode, built.stdout + built.stderr).toBe(0);
        const files = await filesIn(koalaci.artifact(name, id));
        expect(files.v).toBe('7\n');
        expect(built.stdout).not.toContain(PASSWORD);
        return { stderr: built.stderr, lockfile: files['yarn.lock'] ?? '' };
      };
      const { lockfile } = await build(`${form}-plain`);
      await commit(repo, { 'yarn.lock': lockfile });
      await git(repo, 'push', '--quiet', join(root, `with-${form}.git`), 'main');
      expect((await build(`${form}-locked`)).stderr).toContain('yarn install --immutable');
    },
    SLOW,
  );
});

it(
  'a server to which another one redirects gets no credentials',
  async () => {
    const host = await buildsGateway();
    const seen: (string | undefined)[] = [];
    const listen = (answer: Parameters<typeof createServer>[1]) =>
      new Promise<ReturnType<typeof createServer>>((resolve) => {
        const server = createServer(answer);
        server.listen(0, host, () => resolve(server));
      });
    const at = (server: ReturnType<typeof createServer>) =>
      `${host}:${(server.address() as AddressInfo).port}`;
    const asks = { 'www-authenticate': 'Basic realm="x"' };
    const target = await listen((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, asks).end();
    });
    const first = await listen((request, response) => {
      if (!request.headers.authorization) response.writeHead(401, asks).end();
      else response.writeHead(302, { location: `http://${at(target)}${request.url}` }).end();
    });
    await withSubmodule('redirected', `http://${at(first)}/lib.git`);
    const env = await operators([password(), { host: at(first), token: 'tok-for-the-first' }]);
    const { stderr } = await koalaci.build(`${http.url}/redirected.git`, { id: 'redirected' }, [], env);
    expect(stderr).toContain(`the submodule public/lib (http://${at(first)}/lib.git)`);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter(Boolean)).toEqual([]);
    for (const server of [first, target]) server.close();
  },
  SLOW,
);
