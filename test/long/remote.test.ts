// The command line on another machine: what it prints, and how it exits, is what the machine of the service does.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../support/artifact.js';
import { Daemon } from '../support/daemon.js';
import { type Ended, jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { Laptop } from '../support/laptop.js';
import { git, repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const SLOW = 60_000;
let koalaci: Koalaci;
let service: Daemon;
let laptop: Laptop;
let token: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  service = await Daemon.start(koalaci, ['serve', '--concurrency', '1']);
  token = (await koalaci.run(['token', '--user', 'ann'])).stdout;
  laptop = await Laptop.open(koalaci, { KOALACI_SERVER: service.url, KOALACI_TOKEN: token });
});
afterAll(async () => {
  await laptop.close();
  await service.stop();
  await koalaci.close();
});

/** What does not depend on the machine, nor on the moment: places are the operator's, times differ. */
function comparable({ exitCode, stdout, stderr }: Ended) {
  const timeless = (text: string) =>
    text
      .replace(/ (\/\S+\/artifacts\/\S+|koalaci artifacts get \S+) \(/g, ' (')
      .replace(/\d[\d.]* ?s\b/g, 'TIME')
      .replace(/ +TIME/g, ' TIME')
      .replace(/-\d{4}-\d\d-\d\d\S*/g, '')
      .replace(/ *━+$/gm, '')
      // With builds before it, each time others.
      .replace(/\n {2}compared .*/g, '');
  return { exitCode, stdout: timeless(stdout), stderr: timeless(stderr) };
}

const withoutPlaces = (json: string) => {
  const hide = (name: string, value: unknown) =>
    /^(runner|container|path|manifest)$/.test(name) ? undefined : value;
  return JSON.parse(json, hide) as unknown;
};

it(
  'follows a build as the machine itself shows it, also one that fails',
  async () => {
    const repo = await repoOf('static');
    const lines = "for n in 1 2 3; do echo line $n; done; printf 'ü no end'";
    for (const [id, command, code] of [
      ['good', lines, 0],
      ['bad', `${lines}; exit 3`, 1],
    ] as const) {
      const there = comparable(await laptop.run(jobArgs(repo, { id, command }, ['--no-cache'])));
      const here = comparable(
        await koalaci.run(jobArgs(repo, { id: `${id}-here`, command }, ['--no-cache'])),
      );
      expect(there.exitCode).toBe(code);
      expect(there.stdout).toBe(here.stdout);
      const settled = (text: string) => text.replaceAll(`${id}-here`, id).replaceAll(', warm', '');
      expect(settled(there.stderr)).toBe(settled(here.stderr));
    }
  },
  SLOW,
);

it(
  'shows what koalaci itself says, and what a build ends with, as the machine does',
  async () => {
    const repo = await repoOf('static');
    const args = (id: string) => {
      const own = ['--no-cache', '--env', 'PIN=123'];
      const command = 'echo "koalaci: so says the build"';
      return jobArgs(repo, { id, command }, own).filter((word) => word !== '--raw');
    };
    const there = await laptop.run(args('own'));
    const here = await koalaci.run(args('own-here'));
    const [one, other] = [comparable(there), comparable(here)];
    expect(one.stdout).toMatch(/^koalaci: .*PIN$/m);
    expect(one.stdout).toMatch(/^build TIME \| koalaci: so says the build$/m);
    expect(one.stdout).toBe(other.stdout);
    expect(one.stderr.replaceAll('own-here', 'own')).toBe(other.stderr.replaceAll('own-here', 'own'));
    for (const { stderr } of [there, here])
      expect(stderr).toMatch(
        /\n {2}reused {5}cold: .*\n(.*\n)* {2}largest .*\n {2}compared .*(faster|slower|as fast)/,
      );
  },
  SLOW,
);

describe('a command does there what it does here:', () => {
  it.each([
    [['status', 'good']],
    [['status', 'none']],
    [['list']],
    [['list', '--project', PROJECT, '--status', 'ready', '--limit', '1']],
    [['list', '--status', 'rady']],
    [['logs', '-f', 'bad']],
    [['logs', 'good', '--json']],
    [['logs', 'good', '--timestamps', '--step', 'build']],
    [['logs', 'good', '--step', 'none']],
    [['logs', 'good', '-f', '--tail', '2']],
    [['logs', 'good']],
    [['watch']],
    [['report', 'none']],
    [['releases', 'none']],
    [['release', 'good']],
    [['release', 'none']],
    [['release', '--resume', 'none']],
    [['release', '--resume', 'no project']],
    [['release']],
    [['upload', 'good']],
    [['detect', 'https://127.0.0.1:1/none.git']],
    [['wait', 'good', 'bad']],
    [['cancel', 'good']],
    [['artifacts', 'ls']],
    [['artifacts', 'get', 'good', '-o', '-', '--file', 'index.html']],
    [['artifacts', 'verify', 'good']],
    [['artifacts', 'rm', 'none']],
    [['cache', 'ls']],
    [['cache', 'rm', 'none']],
    [['rerun', 'none', '--detach']],
    [['list', '--token', 'x.y.z']],
  ])('%j', async (args) => {
    const [there, here] = await Promise.all([laptop.run(args), koalaci.run(args)]);
    const [one, other] = [comparable(there), comparable(here)];
    expect(one.exitCode).toBe(other.exitCode);
    expect(one.stdout).toBe(other.stdout);
    // What to do may be known on the machine only.
    expect(one.stderr.split('\n')[0]).toBe(other.stderr.split('\n')[0]);
  });

  it('--output writes a report, which names no place of the machine', async () => {
    const file = join(laptop.home, 'good.html');
    const { exitCode, stdout } = await laptop.run(['report', 'good', '--output', file]);
    expect([exitCode, stdout]).toEqual([0, file]);
    const page = await readFile(file, 'utf8');
    expect(page).toMatch(/^<!doctype html>[\s\S]*<title>good · READY[\s\S]*<\/html>\s*$/);
    expect(page).not.toContain(koalaci.home);
  });

  it('list says whose deployments are listed to the operator', async () => {
    const { default: jwt } = await import('jsonwebtoken');
    const { secret } = JSON.parse(await readFile(join(koalaci.home, 'config.json'), 'utf8'));
    const admin = ['--token', jwt.sign({ user_id: 'op', admin: true }, secret)];
    const [there, here] = await Promise.all([
      laptop.run(['list', ...admin]),
      koalaci.run(['list', ...admin]),
    ]);
    expect(comparable(there)).toEqual(comparable(here));
    expect(there.stdout).toMatch(/^USER +DEPLOYMENT .*\n(.*\n)*ann +good /);
  });

  it.each([
    [['debug', 'good', 'true']],
    [['verify', 'good']],
    [['reproduce', 'good']],
    [['artifacts', 'prune']],
    [['artifacts', 'restore']],
    [['doctor']],
    [['config']],
    [['token']],
    [['worker']],
  ])('or says that it asks no service: %j', async (args) => {
    const { exitCode, stderr } = await laptop.run([...args, '--server', service.url]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/asks no service\n.*type it on that of the service/),
    ]);
  });

  it('--json', async () => {
    for (const args of [['status', 'good'], ['list'], ['artifacts', 'ls'], ['wait', 'good', 'bad']]) {
      const [there, here] = await Promise.all([
        ...[laptop, koalaci].map((one) => one.run([...args, '--json'])),
      ]);
      expect(there?.exitCode).toBe(here?.exitCode);
      expect(withoutPlaces(there?.stdout ?? '')).toEqual(withoutPlaces(here?.stdout ?? '{}'));
    }
  });
});

it(
  'builds the commit of a directory that is pushed, and refuses one that is not',
  async () => {
    const repo = await repoOf('static');
    const origin = await repoOf('static', { 'other.txt': 'other\n' });
    await git(repo, 'remote', 'add', 'origin', origin);
    const args = ['run', repo, '--project-id', PROJECT, '--deployment-id', 'dir', '--wait'];
    const early = await laptop.run(args);
    expect([early.exitCode, early.stderr]).toEqual([
      2,
      expect.stringMatching(/push first\n +git push origin main/),
    ]);
    await git(repo, 'push', '--quiet', 'origin', 'main:pushed');
    await writeFile(join(repo, 'new.txt'), 'new\n');
    const built = await laptop.run(args);
    expect(built.stderr).toMatch(/warning: 1 change is not committed, and is not built: new.txt/);
    expect([built.exitCode, built.stderr]).toEqual([0, expect.stringMatching(/dir is READY/)]);
    const { stdout } = await laptop.run(['status', 'dir', '--json']);
    const { repo: source, branch, commit } = JSON.parse(stdout) as Record<string, string>;
    expect([source, branch, commit]).toEqual([
      origin,
      'pushed',
      (await git(repo, 'rev-parse', 'HEAD')).stdout,
    ]);
    const dirty = await laptop.run([...args, '--dirty']);
    expect([dirty.exitCode, dirty.stderr]).toEqual([
      2,
      expect.stringMatching(/--dirty: the service fetches/),
    ]);
  },
  SLOW,
);

it(
  'is canceled by Ctrl-C where there is no terminal, and left by --detach',
  async () => {
    const repo = await repoOf('static');
    const running = laptop.start(jobArgs(repo, { id: 'stop', command: 'echo begun; sleep 60' }));
    await until(async () => (await laptop.run(['logs', 'stop'])).stdout.includes('begun'));
    const next = await laptop.run(jobArgs(repo, { id: 'left' }, ['--detach']));
    expect([next.exitCode, next.stderr]).toEqual([
      0,
      expect.stringMatching(/left is QUEUED; it is the next one/),
    ]);
    running.kill('SIGINT');
    expect((await running).exitCode).toBe(130);
    expect((await laptop.run(['wait', 'stop', 'left'])).exitCode).toBe(130);
    expect((await laptop.run(['wait', 'left'])).exitCode).toBe(0);
    const again = await laptop.run(['rerun', 'left', '--output', laptop.home]);
    expect([again.exitCode, again.stderr]).toEqual([0, expect.stringMatching(/builds left-2/)]);
    expect(await sha256(join(laptop.home, 'left-2.tar.gz'))).toBe(await sha256(koalaci.artifact('left-2')));
  },
  SLOW,
);

it('logs in, asks that service from then on, and logs out', async () => {
  const other = await Laptop.open(koalaci);
  const [refused, accepted] = [
    await other.run(['login', service.url], { input: 'x.y.z\n' }),
    await other.run(['login', service.url], { input: `${token}\n` }),
  ];
  expect([refused?.exitCode, accepted?.exitCode]).toEqual([3, 0]);
  expect(`${refused?.stderr}${accepted?.stderr}`).not.toContain(token);
  expect(await readFile(join(other.home, 'config/koalaci/servers.json'), 'utf8')).toContain(token);
  expect((await other.run(['status', 'good'])).exitCode).toBe(0);
  expect((await other.run(['--server', 'http://127.0.0.1:1', 'status', 'good'])).exitCode).toBe(3);
  expect((await other.run(['--server', service.url, '--token', token, 'status', 'none'])).exitCode).toBe(4);
  expect((await other.run(['--server', service.url, 'doctor'])).exitCode).toBe(2);
  expect((await other.run(['logout'])).exitCode).toBe(0);
  expect((await other.run(['status', 'good'])).exitCode).toBe(3);
  await other.close();
});
