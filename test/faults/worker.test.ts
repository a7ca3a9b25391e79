// A runner that is stopped in the middle of a build, and goes on when another one has its job.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeploymentId, UserId } from '../../src/job/identity.js';
import { leaseKey } from '../../src/store/keys.js';
import { sha256 } from '../support/artifact.js';
import { containersOf } from '../support/containers.js';
import { Daemon } from '../support/daemon.js';
import { HELD, Jobs, letGo, openRepo } from '../support/jobs.js';
import { jobArgs, Koalaci } from '../support/koalaci.js';
import { until } from '../support/until.js';
import { WHOLE } from './whole.js';

const MINUTE = 60_000;
/** No two builds are the same. */
const UNIQUE = `${HELD}; head -c 16 /dev/urandom | base64 >public/unique.txt`;
let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

it(
  'two attempts of one id: the older one, which was stopped meanwhile, does not publish',
  async () => {
    const repo = await openRepo();
    const id = 'stopped';
    const status = async () => JSON.parse((await koalaci.run(['status', id, '--json'])).stdout);
    const first = koalaci.start(jobArgs(repo, { id, command: UNIQUE }));
    await until(async () => (await koalaci.run(['status', id, '--json'])).stdout.includes('"build"'));
    first.kill('SIGSTOP');
    const redis = koalaci.redis?.client();
    // As it does after half a minute.
    await redis?.del(leaseKey({ user: 'ann' as UserId, deployment: id as DeploymentId }));
    redis?.disconnect();
    await letGo(repo);
    const second = await koalaci.build(repo, { id, command: UNIQUE });
    expect(second.exitCode, second.stderr).toBe(0);
    const { artifact, attempt } = await status();

    first.kill('SIGCONT');
    expect((await first).exitCode).not.toBe(0);
    expect(await sha256(koalaci.artifact(id))).toBe(artifact.sha256);
    expect(await status()).toMatchObject({ status: 'READY', attempt, artifact });
  },
  2 * MINUTE,
);

it.runIf(WHOLE)(
  'a worker that is stopped until its job is elsewhere does not publish it, and goes on with others',
  async () => {
    const repo = await openRepo();
    const work = () => Daemon.start(koalaci, ['worker', '--concurrency', '1']);
    const jobs = await Jobs.at(koalaci, await Daemon.start(koalaci, ['serve', '--concurrency', '0']));
    const stopped = await work();
    await jobs.create(repo, 'elsewhere', UNIQUE);
    await jobs.until('elsewhere', ({ step }) => step === 'build');
    const other = await work();
    process.kill(stopped.pid ?? 0, 'SIGSTOP');
    await jobs.until('elsewhere', ({ status }) => status === 'QUEUED', 2 * MINUTE);
    await letGo(repo);
    await jobs.end('elsewhere', 2 * MINUTE);
    await jobs.whole('elsewhere');
    expect(await other.stop()).toBe(0);

    process.kill(stopped.pid ?? 0, 'SIGCONT');
    await until(async () => (await containersOf('elsewhere')).length === 0);
    await jobs.create(repo, 'next', UNIQUE);
    await jobs.end('next');
    await jobs.whole('elsewhere');
    await jobs.whole('next');
    expect(await stopped.stop()).toBe(0);
    expect(await jobs.server.stop()).toBe(0);
  },
  6 * MINUTE,
);
