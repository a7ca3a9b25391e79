// Every way in which a build fails: its reason, step, exit code, and words that tell what to do.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { containersOf } from '../support/containers.js';
import { buildsGateway } from '../support/git-server.js';
import { jobArgs, Koalaci, ROOT } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';

const MINUTES = 60_000;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

interface Case {
  name: string;
  fixture?: string;
  files?: Record<string, string>;
  url?: string;
  job?: { command?: string; manager?: string; dist?: string; branch?: string };
  more?: string[];
  env?: Record<string, string>;
  reason: string;
  step: string;
  exit?: number;
  code?: number;
  says: RegExp[];
}

const hog = 'node -e "const a = []; for (;;) a.push(Buffer.alloc(1e7, 1))"';

const cases: Case[] = [
  {
    name: 'an unknown branch',
    job: { branch: 'mian' },
    reason: 'source_failed',
    step: 'source',
    says: [/no branch or tag mian/, /Did you mean main\?/],
  },
  {
    name: 'an unknown commit',
    more: ['--commit', '1'.repeat(40)],
    reason: 'source_failed',
    step: 'source',
    says: [/no commit 1{40}/],
  },
  {
    name: 'an unknown host',
    url: 'https://no-such-host.invalid/a.git',
    reason: 'source_failed',
    step: 'source',
    says: [/host name is not known/, /project_repo_url/],
  },
  {
    name: 'a server that does not answer',
    url: 'git://127.0.0.1:1/a.git',
    reason: 'source_failed',
    step: 'source',
    says: [/cannot be reached/],
  },
  {
    name: 'a project_root that is not there',
    more: ['--root', 'apps/none'],
    reason: 'source_failed',
    step: 'source',
    says: [/project_root apps\/none/],
  },
  ...[
    {
      fixture: 'lockfile-out-of-step',
      manager: 'npm',
      says: [/package-lock.json is out of step/, /npm install/],
    },
    {
      fixture: 'lockfile-out-of-step-yarn',
      manager: 'yarn',
      says: [/yarn.lock is out of step/, /yarn install/],
    },
    {
      fixture: 'lockfile-out-of-step-yarn-berry',
      manager: 'yarn',
      says: [/yarn.lock is out of step/, /yarn install/],
    },
    {
      fixture: 'lockfile-out-of-step-pnpm',
      manager: 'pnpm',
      says: [/pnpm-lock.yaml is out of step/, /pnpm install/],
    },
    { fixture: 'lockfile-out-of-step-bun', manager: 'bun', says: [/bun.lock is out of step/, /bun install/] },
    {
      fixture: 'lockfile-missing',
      manager: 'npm',
      more: ['--frozen-lockfile'],
      says: [/no lockfile/, /npm install/],
    },
    {
      fixture: 'lockfile-other',
      manager: 'npm',
      more: ['--frozen-lockfile'],
      says: [/no package-lock.json for npm, but a yarn.lock/, /project_package_manager/],
    },
  ].map(({ fixture, manager, more = [], says }) => ({
    name: fixture,
    fixture,
    job: { manager, command: 'true' },
    more,
    reason: 'install_failed',
    step: 'install',
    says,
  })),
  {
    name: 'a build command that fails',
    job: { command: 'echo to stdout; echo to stderr >&2; exit 3' },
    reason: 'build_failed',
    step: 'build',
    code: 3,
    says: [/to stderr/, /exit code 3/],
  },
  {
    name: 'a build command that is not there',
    job: { command: 'vitee build' },
    reason: 'build_failed',
    step: 'build',
    code: 127,
    says: [/not installed/],
  },
  {
    name: 'a module whose name differs in upper and lower case',
    files: { 'src/main.js': "require('./lib/Parts');\n", 'src/lib/parts.js': '\n' },
    job: { command: 'node src/main.js' },
    reason: 'build_failed',
    step: 'build',
    code: 1,
    says: [/there is no \.\/lib\/Parts, but a src\/lib\/parts\.js/],
  },
  {
    name: 'a script of the project that has the words of a registry',
    files: {
      'package.json': '{ "name": "site", "scripts": { "postinstall": "node db.js" }, "workspaces": ["a"] }',
      'a/package.json': '{ "name": "a" }',
      'db.js': 'console.error("Error: no database: connect ECONNREFUSED 127.0.0.1:5432"); process.exit(1);\n',
      'package-lock.json': JSON.stringify({
        ...{ name: 'site', lockfileVersion: 3, requires: true },
        packages: {
          '': { name: 'site', hasInstallScript: true, workspaces: ['a'] },
          a: {},
          'node_modules/a': { resolved: 'a', link: true },
        },
      }),
    },
    job: { manager: 'npm', command: 'true' },
    reason: 'install_failed',
    step: 'install',
    code: 1,
    says: [/: the project's own postinstall script failed: Error: no database: connect ECONNREFUSED/],
  },
  {
    name: 'a missing dist directory',
    job: { dist: 'dist' },
    reason: 'dist_missing',
    step: 'artifact',
    says: [/no dist/, /There is: public/],
  },
  {
    name: 'a dist directory that leads out of the project',
    job: { command: 'ln -s /etc out', dist: 'out' },
    reason: 'dist_missing',
    step: 'artifact',
    says: [/leads out of the project/],
  },
  {
    name: 'an empty dist directory',
    job: { command: 'mkdir out', dist: 'out' },
    reason: 'dist_missing',
    step: 'artifact',
    says: [/is empty/],
  },
  {
    name: 'memory',
    job: { command: hog },
    env: { KOALACI_MEMORY: '200m' },
    reason: 'out_of_memory',
    step: 'build',
    says: [/the build used \d+ MiB of its 200 MiB of memory, in step build/, /KOALACI_MEMORY/],
  },
  {
    name: 'files in /tmp',
    job: { command: 'head -c 300m /dev/zero >/tmp/large' },
    env: { KOALACI_MEMORY: '200m' },
    reason: 'out_of_memory',
    step: 'build',
    says: [
      /\/tmp is full: it is memory here, and has 168 MiB in it, in step build/,
      /TMPDIR=\/home\/build\/tmp/,
    ],
  },
  {
    name: 'time',
    job: { command: 'trap "" TERM; while :; do echo tick; sleep 0.1; done' },
    // It counts from the start: the steps before have to be over by then, also where much else is going on.
    more: ['--timeout', '20s'],
    reason: 'timed_out',
    step: 'build',
    exit: 124,
    says: [/longer than 20 s, in step build/, /--timeout/],
  },
  {
    name: 'silence',
    job: { command: 'sleep 600' },
    env: { KOALACI_SILENCE: '15s' },
    reason: 'silent',
    step: 'build',
    says: [/no line of output for 15 s, in step build/, /KOALACI_SILENCE/],
  },
  {
    name: 'output',
    job: { command: 'yes' },
    env: { KOALACI_OUTPUT_LIMIT: '1m' },
    reason: 'log_limit',
    step: 'build',
    says: [/more than 1 MiB, in step build/],
  },
  {
    name: 'processes',
    job: { command: 'for n in $(seq 500); do sleep 60 & done; wait' },
    env: { KOALACI_PIDS: '100' },
    reason: 'pids_limit',
    step: 'build',
    says: [/all of its 100 processes and threads, and needed more, in step build/, /KOALACI_PIDS/],
  },
  {
    name: 'a dist directory over its limit',
    job: { command: 'head -c 3000000 /dev/zero >public/big' },
    env: { KOALACI_ARTIFACT_LIMIT: '1m' },
    reason: 'artifact_limit',
    step: 'artifact',
    says: [/more than 1 MiB/],
  },
];

describe('a build fails, and says so, for', () => {
  it.each(cases.map((row, index) => ({ ...row, id: `failure-${index}` })))(
    '$name',
    async (row) => {
      const repo = row.url ?? (await repoOf(row.fixture ?? 'static', row.files));
      const { exitCode, stderr, stdout } = await koalaci.build(
        repo,
        { id: row.id, ...row.job },
        row.more,
        row.env,
      );
      const told = stdout + stderr;
      expect(exitCode, told).toBe(row.exit ?? 1);
      for (const words of row.says) expect(told).toMatch(words);

      const record = JSON.parse((await koalaci.run(['status', row.id, '--json'])).stdout);
      expect(record).toMatchObject({ status: 'ERROR', reason: row.reason, step: row.step });
      if (row.code !== undefined) expect(record.exit_code).toBe(row.code);

      const log = (await koalaci.run(['logs', row.id, '--raw'])).stdout.trimEnd().split('\n');
      expect(log.slice(-14).join('\n')).toContain(`koalaci: ERROR ${row.reason}: ${record.message}`);
      expect(await containersOf(row.id)).toEqual([]);
    },
    2 * MINUTES,
  );
});

it(
  'a build says which registry refuses access, and how a token is given',
  async () => {
    const server = createServer((_, response) => response.writeHead(401).end());
    onTestFinished(() => void server.close());
    const host = await buildsGateway();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const registry = `${host}:${(server.address() as AddressInfo).port}`;
    const lock = { name: 'site', lockfileVersion: 3, requires: true };
    const resolved = `http://${registry}/@acme/thing/-/thing-1.0.0.tgz`;
    const wants = { name: 'site', dependencies: { '@acme/thing': '1.0.0' } };
    const packages = { '': wants, 'node_modules/@acme/thing': { version: '1.0.0', resolved } };
    const repo = await repoOf('static', {
      '.npmrc': `registry=http://${registry}/\n`,
      'package.json': JSON.stringify(wants),
      'package-lock.json': JSON.stringify({ ...lock, packages }),
    });
    const { exitCode, stderr } = await koalaci.build(repo, { id: 'refused', manager: 'npm' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`the registry ${registry} refuses access to @acme/thing@1.0.0 (401)`);
    expect(stderr).toContain(`//${registry}/:_authToken=\${NPM_TOKEN}`);
  },
  2 * MINUTES,
);

describe('the environment is missing:', () => {
  it.each([
    [
      'the engine',
      { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
      /engine is not running/,
      /systemctl start docker|setup\.sh/,
    ],
    [
      'the docker command',
      { KOALACI_DOCKER: 'no-such-docker' },
      /docker command is not installed/,
      /apt-get install/,
    ],
    ['the image', { KOALACI_IMAGE: 'koalaci:no-such-tag' }, /builder image is missing/, /build\.sh/],
    [
      'Redis',
      { REDIS_URL: 'redis://127.0.0.1:1' },
      /Redis does not answer at redis:\/\/127.0.0.1:1/,
      /REDIS_URL/,
    ],
    ['the CA bundle', { KOALACI_EXTRA_CA_CERTS: '/nowhere.pem' }, /\/nowhere\.pem/, /KOALACI_EXTRA_CA_CERTS/],
  ])('%s', async (_, env, what, remedy) => {
    const { exitCode, stderr } = await koalaci.build(
      await repoOf('static'),
      { id: 'missing' },
      [],
      env as Record<string, string>,
    );
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(what);
    expect(stderr).toMatch(remedy);
    expect(stderr).not.toMatch(/\bat .*\.js:\d+/);
  });
});

describe('nothing is built', () => {
  it('for a payload that does not fit: every field is named', async () => {
    const { exitCode, stderr } = await koalaci.run(['run', '-'], {
      input: '{"project_id":"-x","project_brunch":"main"}',
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/project_id: must/);
    expect(stderr).toMatch(/project_brunch: is not a field/);
    expect(stderr).toMatch(/project_dist_directory: is missing/);
  });

  it('for a file that is not JSON', async () => {
    const { exitCode, stderr } = await koalaci.run(['run', '-'], { input: '{' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('standard input is not JSON');
  });

  it.each([
    ['without a token', { KOALACI_HOME: '/nowhere' }, /koalaci init/],
    ['with a token of another secret', { JWT_SECRET: 'x'.repeat(40) }, /another secret/],
  ])('%s', async (_, env, words) => {
    const { exitCode, stderr } = await koalaci.run(jobArgs('/usr', { id: 'unauthorised' }), { env });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(words);
  });

  it.each([
    ['a directory without a repository', '/usr', /no git repository in \/usr/],
    ['a path that is not there', '/nowhere', /no directory \/nowhere/],
    ['a file', '/etc/passwd', /not a directory/],
    ['a file:// address that cannot be read', 'file:///a%zz', /%25/],
  ])('from %s', async (_, url, words) => {
    const { exitCode, stderr } = await koalaci.build(url, { id: 'nothing' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(words);
  });

  it.each([
    '/etc/passwd',
    '/etc/passwd/x',
    '/proc/nope',
  ])('when the artifact cannot be put into %s', async (place) => {
    const { exitCode, stderr } = await koalaci.build(await repoOf('static'), { id: 'nowhere' }, [
      '--output',
      place,
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`artifacts cannot be written to ${place}`);
  });

  it('with a setting that does not exist: the one that was meant is named', async () => {
    const env = { KOALACI_MEMROY: '8g' };
    for (const command of [jobArgs('/usr', { id: 'misspelt' }), ['list'], ['token'], ['serve']]) {
      const { exitCode, stderr } = await koalaci.run(command, { env });
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/KOALACI_MEMROY is not a setting; did you mean KOALACI_MEMORY\?\n .*unset it/);
    }
    for (const flag of ['--help', '--version']) expect((await koalaci.run([flag], { env })).exitCode).toBe(0);
  });

  it.each([
    ['that does not exist', ['run', '--brunch', 'x'], 2, /unknown option/],
    [
      'that has no effect',
      jobArgs('/usr', { id: 'x' }, ['--detach', '--output', '/tmp/x']),
      2,
      /--output: does not go/,
    ],
    ['that contradicts another one', ['init', '--force', '--if-missing'], 2, /--force: does not go/],
    ['that a script has left empty', ['token', '--expires', ''], 2, /--expires: must be/],
    ['with a token that is empty', ['list', '--token', ''], 3, /--token: must not be empty/],
  ])('for a flag %s', async (_, args, code, words) => {
    const { exitCode, stderr } = await koalaci.run(args);
    expect([exitCode, stderr]).toEqual([code, expect.stringMatching(words)]);
  });

  it('but what the file says, wherever --env stands', async () => {
    for (const args of [
      ['--env', 'A=1', '-'],
      ['-', '--env', 'A=1', '--env', 'B-=2'],
    ]) {
      const { exitCode, stderr } = await koalaci.run(['run', ...args], { input: '{"project_brunch":"x"}' });
      expect(exitCode).toBe(2);
      expect(stderr).toContain('project_brunch: is not a field');
      expect(stderr.includes('env.B-: has a name')).toBe(args.length > 3);
    }
  });

  it('where no build can begin, and the record of the last one stays', async () => {
    const job = { id: 'no-image' };
    expect(await koalaci.build(await repoOf('static'), job)).toMatchObject({ exitCode: 0 });
    const env = { KOALACI_IMAGE: 'koalaci-missing:none' };
    const { exitCode, stderr } = await koalaci.run(jobArgs(await repoOf('static'), job), { env });
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('the builder image is missing')]);
    expect((await koalaci.run(['status', job.id])).stdout).toContain('READY');
  });

  it.each([['list'], ['token'], ['--help']])('is said when the disk is full: %s', async (...args) => {
    const command = [
      '-c',
      'exec "$@" >/dev/full',
      'sh',
      process.execPath,
      join(ROOT, 'bin/koalaci.js'),
      ...args,
    ];
    const env = { KOALACI_HOME: koalaci.home, REDIS_URL: koalaci.redis?.url };
    const { exitCode, stderr } = await execa('sh', command, { env, reject: false });
    expect([exitCode, stderr]).toEqual([
      5,
      expect.stringContaining('the output could not be written: ENOSPC'),
    ]);
  });
});

describe('koalaci doctor', () => {
  it('finds nothing wrong where builds work', async () => {
    const { exitCode, stdout } = await koalaci.run(['doctor', '--json']);
    expect(exitCode, stdout).toBe(0);
    const findings = JSON.parse(stdout) as { check: string; level: string; commands?: string[] }[];
    const checks = [...new Set(findings.map(({ check }) => check))];
    expect(findings.filter(({ level, commands }) => level !== 'ok' && !commands?.length)).toEqual([]);
    expect(checks).toEqual([
      ...['token', 'secret', 'code', 'home', 'engine', 'runc', 'walls', 'image', 'disk', 'capacity'],
      ...['network', 'firewall', 'redis', 'schema', 'containers', 'clock', 'registry', 'certificates'],
      ...['credentials', 'signing', 'targets', 'limits', 'settings'],
    ]);
  });

  it('shows the settings in effect, without their secrets', async () => {
    const env = { KOALACI_MEMORY: '3g', KOALACI_CALLBACK_SECRET: 's3cret' };
    const { stdout } = await koalaci.run(['doctor', '--json'], { env });
    const { settings } = JSON.parse(stdout).at(-1);
    expect(settings).toContainEqual({ name: 'KOALACI_MEMORY', value: '3g', set: true });
    expect(settings).toContainEqual({ name: 'KOALACI_PIDS', value: '4096', set: false });
    expect(settings).toContainEqual({ name: 'KOALACI_CALLBACK_SECRET', value: '***', set: true });
    expect(stdout).not.toContain('s3cret');
  });

  it('tells of settings that do not fit as of all else that is wrong', async () => {
    const env = { KOALACI_MEMROY: '8g', KOALACI_PIDS: '1' };
    const { exitCode, stdout } = await koalaci.run(['doctor'], { env });
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/✖ settings .*KOALACI_MEMROY is not a setting.*KOALACI_MEMORY\?\n.*unset it/);
    expect(stdout).toMatch(/✖ settings .*KOALACI_PIDS: must be at least 50\n/);
    expect(stdout).toMatch(/✔ image /);
  });

  it('says of each thing that is wrong what to do', async () => {
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock', REDIS_URL: 'redis://127.0.0.1:1' };
    const { exitCode, stdout } = await koalaci.run(['doctor'], { env });
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(
      /✖ engine .*not running at unix:\/\/\/nowhere\/docker.sock.*\n.*systemctl start docker/,
    );
    expect(stdout).toMatch(/✖ redis .*does not answer.*\n.*REDIS_URL/);
    expect(stdout).toMatch(/✔ token .*ann/);
    expect(stdout.match(/✖/g)).toHaveLength(2);
  });

  it('finds what is left of a data directory that is gone, and an image of another ci/, and says what to type', async () => {
    const gone = await mkdtemp(join(tmpdir(), 'koala-gone-'));
    const image = `koalaci-other-recipe:${process.pid}`;
    const name = `koalaci-redis-of-${basename(gone)}`;
    const from = process.env.KOALACI_IMAGE ?? 'koalaci:latest';
    const bind = ['--label', 'koalaci.redis=1', '--volume', `${gone}/redis:/data`];
    await execa('docker', ['create', '--name', name, ...bind, from, 'true']);
    await execa('docker', ['build', '--tag', image, '--label', 'koalaci.recipe=older', '-'], {
      input: `FROM ${from}`,
    });
    try {
      const { stdout } = await koalaci.run(['doctor', '--json'], { env: { KOALACI_IMAGE: image } });
      const commands = (JSON.parse(stdout) as { commands?: string[] }[]).flatMap((one) => one.commands ?? []);
      const remove = commands.find((command) => command.includes(name)) ?? '';
      expect(remove).toMatch(/^docker rm --force /);
      expect(commands).toContainEqual(expect.stringMatching(/^sh .*\/ci\/build\.sh$/));
    } finally {
      await execa('docker', ['rm', '--force', name]);
      await execa('docker', ['image', 'rm', image]);
      await rm(gone, { recursive: true });
    }
  });
});
