// The daemon: HTTP, the queue and its workers, as processes of their own on a real Redis and a real engine.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { containersOf, gone } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { gate, openGate } from '../support/gate.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { flagsOf, payloadOf } from '../support/payload.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

const SLOW = 60_000;
const FOREVER = 'echo begun; while :; do echo tick; sleep 0.1; done';
let koalaci: Koalaci;
let service: Daemon;
let token: string;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  service = await Daemon.start(koalaci, ['serve', '--concurrency', '1']);
  token = await tokenOf('ann');
});
afterAll(async () => {
  await service.stop();
  await koalaci.close();
});

const tokenOf = async (user: string) => (await koalaci.run(['token', '--user', user])).stdout;
const ask = (method: string, path: string, body?: unknown) => service.ask(method, path, { token, body });
const status = async (id: string) => (await ask('GET', `/job/${id}/status`)).body.data;
const log = async (id: string) => String((await ask('GET', `/job/${id}/log`)).body.data);
const ended = (id: string) => until(async () => /READY|ERROR|CANCELED/.test(String(await status(id))), SLOW);
const begun = (id: string) => until(async () => (await log(id)).includes('begun'));

function job(repo: string, id: string, command = '', more: object = {}) {
  return payloadOf({
    project_id: PROJECT,
    deployment_id: id,
    project_repo_url: repo,
    project_build_command: command,
    project_dist_directory: 'public',
    ...more,
  });
}

const create = (...of: Parameters<typeof job>) => ask('POST', '/job/create', job(...of));

describe('a job by HTTP', () => {
  it(
    'is queued, built, and leaves the artifact and the log that `koalaci run` leaves',
    async () => {
      const created = await create(
        await repoOf('static'),
        'http',
        'echo building >&2; echo new >public/new.txt',
      );
      expect(created).toMatchObject({ status: 200, body: { data: 'OK' } });
      await ended('http');
      expect(await status('http')).toBe('READY');
      expect(await log('http')).toBe('building\n');
      expect((await filesIn(koalaci.artifact('http')))['new.txt']).toBe('new\n');
      expect((await ask('PATCH', '/job/http/cancel')).status).toBe(409);
    },
    SLOW,
  );

  it(
    'is created once while it is queued or building, and again when it has ended',
    async () => {
      const repo = await repoOf('static');
      await create(repo, 'again', gate());
      await begun('again');
      expect((await create(repo, 'again')).status).toBe(409);
      await openGate('again');
      await ended('again');
      expect((await create(repo, 'again', 'echo second')).status).toBe(200);
      await until(async () => (await status('again')) === 'READY', SLOW);
      expect(await log('again')).toBe('second\n');
    },
    SLOW,
  );

  it(
    'is for its user alone',
    async () => {
      await create(await repoOf('static'), 'mine');
      const other = { token: await tokenOf('bob') };
      for (const path of ['/job/mine', '/job/mine/status', '/job/mine/log'])
        expect((await service.ask('GET', path, other)).status).toBe(404);
      expect((await service.ask('PATCH', '/job/mine/cancel', other)).status).toBe(404);
      expect((await service.ask('GET', '/jobs', other)).body.data).toEqual([]);
      await ended('mine');
    },
    SLOW,
  );

  it(
    'is queued from the command line too, and listed',
    async () => {
      const repo = await repoOf('static');
      await create(repo, 'holds', FOREVER);
      await begun('holds');
      const args = ['run', '--detach', ...flagsOf(job(repo, 'cli'))];
      const env = { KOALACI_ALLOW_LOCAL_SOURCES: '1' };
      expect((await koalaci.run(args, { env })).exitCode).toBe(0);
      expect((await koalaci.run(['list'])).stdout).toMatch(/cli +QUEUED/);
      await ask('PATCH', '/job/holds/cancel');
      await ended('cli');
      expect(await status('cli')).toBe('READY');
    },
    SLOW,
  );
});

describe('a cancel', () => {
  it(
    'of a queued job keeps it from ever starting; of a running one reaches its worker',
    async () => {
      const repo = await repoOf('static');
      await create(repo, 'running', FOREVER);
      await begun('running');
      await create(repo, 'queued', 'echo begun');
      expect((await ask('PATCH', '/job/queued/cancel')).body.data).toBe('Queued for cancellation');
      expect(await status('queued')).toBe('CANCELED');
      expect((await ask('PATCH', '/job/running/cancel')).status).toBe(200);
      await ended('running');
      expect(await status('running')).toBe('CANCELED');
      expect(await containersOf('running')).toEqual([]);
      // The worker is free for the next: had it been going to start the canceled one, it had done so before.
      await create(repo, 'after');
      await ended('after');
      expect(await log('queued')).toBe('');
      expect(await status('queued')).toBe('CANCELED');
    },
    SLOW,
  );

  it(
    'by a newer job of the branch says by which',
    async () => {
      const repo = await repoOf('static');
      await create(repo, 'old-1', FOREVER);
      await begun('old-1');
      await create(repo, 'old-2');
      await create(repo, 'new', 'echo newest', { supersede: true });
      await ended('new');
      expect([await status('old-1'), await status('old-2'), await status('new')]).toEqual([
        'CANCELED',
        'CANCELED',
        'READY',
      ]);
      expect((await ask('GET', '/job/old-2')).body.data).toMatchObject({ message: 'superseded by new' });
      expect(await log('old-1')).toContain('superseded by new');
    },
    SLOW,
  );
});

describe('a worker', () => {
  it(
    'that is stopped gives its job back, and the next one builds it; the log has both',
    async () => {
      const own = await Koalaci.open();
      const server = await Daemon.start(own, ['serve', '--concurrency', '0']);
      const first = await Daemon.start(own, ['worker', '--concurrency', '1']);
      const options = { token: (await own.run(['token', '--user', 'ann'])).stdout };
      const askFor = async (what: string) =>
        String((await server.ask('GET', `/job/moved/${what}`, options)).body.data);
      const logOf = () => askFor('log');
      const command = `${gate()}; echo done`;
      const body = job(await repoOf('static'), 'moved', command);
      await server.ask('POST', '/job/create', { ...options, body });
      await until(async () => (await logOf()).includes('begun'));
      expect(await first.stop()).toBe(0);
      expect((await own.run(['list'])).stdout).toMatch(/moved +QUEUED/);
      expect(await containersOf('moved')).toEqual([]);
      const second = await Daemon.start(own, ['worker', '--concurrency', '1']);
      const begunTimes = async () => (await logOf()).split('\n').filter((line) => line === 'begun').length;
      await until(async () => (await begunTimes()) === 2, SLOW);
      await openGate('moved');
      await until(async () => (await askFor('status')) === 'READY', SLOW);
      expect((await logOf()).trimEnd()).toMatch(/\ndone$/);
      expect(await begunTimes()).toBe(2);
      expect(await logOf()).toContain('built again from its start');
      await second.stop();
      await server.stop();
      await own.close();
    },
    SLOW,
  );
});

describe('a machine whose engine is away', () => {
  it(
    'leaves its jobs to others',
    async () => {
      const own = await Koalaci.open();
      const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
      const broken = await Daemon.start(own, ['serve', '--concurrency', '1'], env);
      const options = { token: (await own.run(['token', '--user', 'ann'])).stdout };
      expect((await broken.ask('GET', '/readyz')).status).toBe(503);
      await broken.ask('POST', '/job/create', { ...options, body: job(await repoOf('static'), 'put-off') });
      const redis = own.redis?.client();
      await until(async () => (await redis?.zcard('koalaci:queue:jobs:delayed')) === 1);
      redis?.disconnect();
      const sound = await Daemon.start(own, ['worker', '--concurrency', '1', '--port', '0']);
      await broken.stop();
      await until(async () => /put-off +READY/.test((await own.run(['list'])).stdout), SLOW);
      expect((await sound.ask('GET', '/readyz')).status).toBe(200);
      expect((await sound.ask('GET', '/metrics')).text).toMatch(
        /^koalaci_queue_wait_seconds_count 1$[\s\S]*^koalaci_snapshots \d+$/m,
      );
      await sound.stop();
      await own.close();
    },
    SLOW,
  );
});

it('leaves no container behind', async () => {
  for (const id of ['http', 'again', 'cli', 'after', 'new']) await gone(id);
});
