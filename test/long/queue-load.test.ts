// Many jobs at once, while what builds them dies.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FINAL_WITHIN_MS } from '../../src/settings/timing.js';
import { filesIn } from '../support/artifact.js';
import { Daemon } from '../support/daemon.js';
import { docker } from '../support/docker.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';

interface Running {
  name: string;
  user: string;
  runner: string;
}

/** Whether it is the runner of that process. */
const isOf = (pid: number | undefined, runner: string) => runner.split(/[/-]/).includes(String(pid));

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
      const job = {
        project_id: PROJECT,
        project_repo_url: await repoOf('static'),
        project_dist_directory: 'public',
      };
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
            body: payloadOf({
              ...job,
              deployment_id: id,
              project_build_command: `echo ${id} >public/id.txt`,
            }),
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
      // A worker may die just before it has a container saved: that one goes when nobody has taken it over.
      await until(async () => (await running(true)).length === 0, FINAL_WITHIN_MS);
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

  /** This test's builds, those that run or all: whose, and which process does them. Containers that only wait are none. */
  async function running(all = false): Promise<Running[]> {
    const format = '{{.Names}} {{.Label "koalaci.user"}} {{.Label "koalaci.runner"}}';
    const filter = ['--filter', `label=koalaci.project=${PROJECT}`, '--format', format];
    const lines = (await docker('ps', ...(all ? ['--all'] : []), ...filter)).split('\n');
    return lines.flatMap((line) => {
      const [name = '', user = '', runner = ''] = line.split(' ');
      return USERS.includes(user) && !name.startsWith('koalaci-standby-') ? [{ name, user, runner }] : [];
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
        const containers = (await running()).filter(({ runner }) => !isOf(this.dead, runner));
        // After READY they still count on the machine, but no longer for their user.
        const building = containers.filter(({ name }) => !name.startsWith('koalaci-saving-'));
        const each = USERS.map((user) => building.filter((one) => one.user === user).length);
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
