// What a build writes to disk has a bound, however it hides it: bytes, holes in files, and inodes.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { containersOf } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { jobArgs, Koalaci, PROJECT } from '../support/koalaci.js';
import { project } from '../support/projects.js';
import { repoOf } from '../support/repo.js';
import { saved, snapshotsOf } from '../support/snapshots.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

const LIMITS = { KOALACI_DISK_LIMIT: '50m', KOALACI_INODE_LIMIT: '3000' };
const ALLOWED = { KOALACI_ALLOW_LOCAL_SOURCES: '1' };
let koalaci: Koalaci;
let nth = 0;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

/** Builds with a command that writes too much, and expects that it is ended, leaves nothing, and does no harm to the next one. */
async function isRefused(command: string, says = /ERROR disk_limit: out of disk: /): Promise<void> {
  const id = `disk-${++nth}`;
  const repo = await repoOf('static');
  const { exitCode, stdout, stderr } = await koalaci.build(
    repo,
    { id, command },
    ['--timeout', '60s'],
    LIMITS,
  );
  expect(exitCode, stdout + stderr).toBe(1);
  expect(stderr).toMatch(says);
  expect(await containersOf(id)).toEqual([]);
  expect(existsSync(koalaci.artifact(id))).toBe(false);
  expect(await snapshotsOf(PROJECT)).toEqual({});
  const next = await koalaci.build(repo, { id: `${id}-next` }, [], LIMITS);
  expect(next.exitCode, next.stderr).toBe(0);
  await saved(PROJECT);
  await koalaci.run(['cache', 'rm', PROJECT]);
}

const files = (count: number, directory: string) =>
  `mkdir -p ${directory}; (cd ${directory}; seq ${count} | xargs touch)`;

describe('disk and inodes', () => {
  attack('a file with a hole of 3 GB', () => isRefused('truncate -s 3G hole'), { short: true });
  attack('many files with holes', () => isRefused('for n in $(seq 60); do truncate -s 1M hole$n; done'));
  attack('a file with the largest hole that there can be', () =>
    // Whichever looks first.
    isRefused('truncate -s 15T hole; truncate -s 15T public/b', /ERROR (disk|artifact)_limit: /),
  );
  attack('a hole in a tool cache that is kept', () =>
    isRefused('mkdir -p node_modules/.cache/x; truncate -s 3G node_modules/.cache/x/hole'),
  );
  attack('a hole in the home, under a name of several lines', () =>
    isRefused(`truncate -s 3G ~/$'a\\n1 1 1\\nb'`),
  );
  attack('a real file, in a build that ends before anybody has looked', () =>
    isRefused('head -c 80M /dev/urandom >big'),
  );
  attack('a real file, in a directory that nobody can read', () =>
    isRefused('mkdir -p a/b; head -c 80M /dev/urandom >a/b/big; chmod 000 a/b; chmod 300 a'),
  );
  attack('a real file, while the build goes on', () =>
    isRefused('head -c 80M /dev/urandom >big; sleep 50', /ERROR disk_limit: .*, in step build/s),
  );
  attack('a hole in a directory that nobody can read, while the build goes on', () =>
    isRefused(
      'mkdir a; truncate -s 3G a/hole; chmod 000 a; sleep 50',
      /ERROR disk_limit: .*, in step build/s,
    ),
  );
  attack('a file that is written in an install script', async () => {
    const script = JSON.stringify({
      scripts: { postinstall: 'head -c 80M /dev/urandom >big; sleep 50' },
      name: 'x',
      version: '1.0.0',
    });
    const repo = await repoOf('static', { 'package.json': script });
    const { exitCode, stderr } = await koalaci.build(
      repo,
      { id: 'install', manager: 'npm' },
      ['--timeout', '60s'],
      LIMITS,
    );
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(/ERROR disk_limit: .*, in step install/s);
  });
  attack('more files than allowed, all empty', () => isRefused(files(4000, 'many'), /files and directories/));
  attack('more directories than allowed', () =>
    isRefused('mkdir d; cd d; seq 4000 | xargs mkdir', /files and directories/),
  );
  attack('more files than allowed, hidden', () =>
    isRefused(`${files(4000, 'many')}; chmod 300 many`, /files and directories/),
  );
  attack('more links than allowed', () =>
    isRefused('mkdir l; cd l; for n in $(seq 4000); do ln -s x $n; done', /files and directories/),
  );
  attack('more files than allowed, hidden while the build goes on', () =>
    isRefused(`${files(4000, 'many')}; chmod 300 many; sleep 55`, /files and directories, in step build/),
  );
  attack('hard links count once: many names of one file are no attack', async () => {
    const command = 'head -c 1M /dev/urandom >a; for n in $(seq 100); do ln a l$n; done';
    const { exitCode, stderr } = await koalaci.build(
      await repoOf('static'),
      { id: 'hard', command },
      [],
      LIMITS,
    );
    expect(exitCode, stderr).toBe(0);
  });
});

describe('a disk that is nearly full', () => {
  const FULL = { KOALACI_DISK_FREE: '100%' };

  attack(
    'a build begins all the same',
    async () => {
      const { exitCode, stderr } = await koalaci.build(await repoOf('static'), { id: 'full' }, [], FULL);
      expect(exitCode).toBe(5);
      expect(stderr).toMatch(/no build begins here now: .* free, of .* that builds leave free/);
      expect(await containersOf('full')).toEqual([]);
      expect((await koalaci.run(['status', 'full'])).exitCode).toBe(4);
    },
    { short: true },
  );

  attack(
    'a queued job is begun, or forgotten: it waits, says why, and is built when there is room',
    async () => {
      const repo = await repoOf('static');
      const status = async () => JSON.parse((await koalaci.run(['status', 'waits', '--json'])).stdout);
      expect(
        (await koalaci.run([...jobArgs(repo, { id: 'waits' }), '--detach'], { env: ALLOWED })).exitCode,
      ).toBe(0);
      const full = await Daemon.start(koalaci, ['worker'], FULL);
      const waiting = await until(async () => {
        const record = await status();
        return record.waits_for && record;
      });
      expect(waiting).toMatchObject({
        status: 'QUEUED',
        waits_for: expect.stringContaining('no build begins here'),
      });
      expect((await koalaci.run(['status', 'waits'])).stdout).toContain('waits     no build begins here now');
      await full.stop();
      const roomy = await Daemon.start(koalaci, ['worker']);
      const built = await until(async () => {
        const record = await status();
        return record.status === 'READY' && record;
      });
      expect(built).not.toHaveProperty('waits_for');
      await roomy.stop();
    },
  );

  attack('snapshots are kept while no build can begin; those of others go', async () => {
    await using other = await Koalaci.open({ user: 'bob' });
    const [ours, theirs] = [project('ours'), project('theirs')];
    const repo = await repoOf('static');
    for (const [who, where] of [
      [koalaci, ours],
      [other, theirs],
    ] as const) {
      const { exitCode, stderr } = await who.build(repo, { id: 'keeps', project: where });
      expect(exitCode, stderr).toBe(0);
      await saved(where);
      expect(Object.keys(await snapshotsOf(where))).not.toEqual([]);
    }
    await koalaci.build(repo, { id: 'evicts', project: ours }, [], FULL);
    expect(await snapshotsOf(ours)).toEqual({});
    expect(Object.keys(await snapshotsOf(theirs))).not.toEqual([]);
  });
});
