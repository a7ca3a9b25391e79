// The daemon: HTTP, the queue and its workers, as processes of their own on a real Redis and a real engine.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FINAL_WITHIN_MS } from '../../src/settings/timing.js';
import { filesIn } from '../support/artifact.js';
import { containersOf, gone } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { docker } from '../support/docker.js';
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
      const sound = await Daemon.start(own, ['worker', '--concurrency', '1']);
      await broken.stop();
      await until(async () => /put-off +READY/.test((await own.run(['list'])).stdout), SLOW);
      await sound.stop();
      await own.close();
    },
    SLOW,
  );
});

describe('two workers and a server, one worker killed, Redis restarted', () => {
  const USERS = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'];
  const JOBS = 10;
  const PER_WORKER = 2;
  const PER_USER = 1;
  /** Between two looks at the engine, which has builds to run. */
  const PAUSE_MS = 50;
  /** Jobs whose runner was lost wait until the queue has noticed. */
  const LONG = 170_000;

  it(
    'bring 60 jobs to 60 ends, never more at once than allowed, and leave nothing behind',
    async () => {
      const own = await Koalaci.open();
      const env = { KOALACI_USER_CONCURRENCY: String(PER_USER) };
      const server = await Daemon.start(own, ['serve', '--concurrency', '0']);
      const work = () => Daemon.start(own, ['worker', '--concurrency', String(PER_WORKER)], env);
      const workers = [await work(), await work()];
      const repo = await repoOf('static');
      const tokens = new Map<string, string>();
      for (const user of USERS) tokens.set(user, (await own.run(['token', '--user', user])).stdout);
      const jobs = USERS.flatMap((user) =>
        Array.from({ length: JOBS }, (_, n) => ({ user, id: `${user}-${n}` })),
      );
      const states = async () => {
        const lists = await Promise.all(
          USERS.map((user) => server.ask('GET', '/jobs?limit=100', { token: tokens.get(user) ?? '' })),
        );
        return lists.flatMap(
          ({ body }) => (body.data ?? []) as { status: string; deployment: string; reason?: string }[],
        );
      };
      const over = async () =>
        (await states()).filter((one) => /READY|ERROR|CANCELED/.test(one.status)).length;

      const watch = new ContainerCount();
      const watching = watch.run();
      const created = await Promise.all(
        jobs.map(({ user, id }) =>
          server.ask('POST', '/job/create', {
            token: tokens.get(user) ?? '',
            body: job(repo, id, `echo ${id} >public/id.txt`),
          }),
        ),
      );
      expect(created.map(({ status }) => status)).toEqual(jobs.map(() => 200));

      await until(async () => (await over()) >= 12, LONG);
      watch.dead = workers[0]?.pid;
      await workers[0]?.stop('SIGKILL');
      workers[0] = await work();
      await until(async () => (await over()) >= 30, LONG);
      await own.redis?.kill();
      await own.redis?.up();
      await until(async () => (await over().catch(() => 0)) === jobs.length, LONG);

      watch.stop();
      await watching;
      expect(watch.most).toBeGreaterThan(0);
      expect(watch.most).toBeLessThanOrEqual(2 * PER_WORKER);
      expect(watch.mostOfOne).toBeLessThanOrEqual(PER_USER);
      const ends = await states();
      expect(ends).toHaveLength(jobs.length);
      for (const { status, reason, deployment } of ends)
        expect([deployment, status === 'READY' || reason === 'runner_lost']).toEqual([deployment, true]);
      for (const { user, id } of jobs) {
        if (ends.find(({ deployment }) => deployment === id)?.status !== 'READY') continue;
        const path = own.artifact(id, PROJECT).replace('/ann/', `/${user}/`);
        expect((await filesIn(path))['id.txt']).toBe(`${id}\n`);
      }
      await until(async () => (await running(true)).length === 0);
      const redis = own.redis?.client();
      // If Redis died before the queue had heard of an end, it asks again once the job's lock has expired.
      await until(async () => (await redis?.keys('koalaci:queue:jobs:job-*'))?.length === 0, FINAL_WITHIN_MS);
      expect(await redis?.keys('koalaci:{slots,parked,lease,unfinished}*')).toEqual([]);
      redis?.disconnect();
      for (const daemon of [...workers, server]) expect(await daemon.stop()).toBe(0);
      await own.close();
    },
    LONG + FINAL_WITHIN_MS + 60_000,
  );

  /**
   * This test's builds, those that run or all: whose, and which process does them. Containers that only wait are none, and
   * running ones under the name of what is saved: they clean up after READY, beside the next build.
   */
  async function running(all = false): Promise<{ user: string; runner: string }[]> {
    const format = '{{.Names}} {{.Label "koalaci.user"}} {{.Label "koalaci.runner"}}';
    const filter = ['--filter', `label=koalaci.project=${PROJECT}`, '--format', format];
    const lines = (await docker('ps', ...(all ? ['--all'] : []), ...filter)).split('\n');
    return lines.flatMap((line) => {
      const [name = '', user = '', runner = ''] = line.split(' ');
      const isNone = name.startsWith('koalaci-standby-') || (!all && name.startsWith('koalaci-saving-'));
      return USERS.includes(user) && !isNone ? [{ user, runner }] : [];
    });
  }

  /** Counts running containers, all the while. */
  class ContainerCount {
    most = 0;
    mostOfOne = 0;
    dead: number | undefined;
    #stopped = false;

    async run(): Promise<void> {
      while (!this.#stopped) {
        // The engine may still start what a worker asked for just before it was killed; without stdin that ends by itself.
        const containers = (await running()).filter(({ runner }) => !runner.includes(`/${this.dead}/`));
        const each = USERS.map((user) => containers.filter((one) => one.user === user).length);
        this.most = Math.max(this.most, containers.length);
        this.mostOfOne = Math.max(this.mostOfOne, ...each);
        await delay(PAUSE_MS);
      }
    }

    stop(): void {
      this.#stopped = true;
    }
  }
});

it('leaves no container behind', async () => {
  for (const id of ['http', 'again', 'cli', 'after', 'new']) await gone(id);
});
