// A Redis that is full, cannot be written, and hands over to another one, in the middle of a build.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect as connectTo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Daemon } from '../support/daemon.js';
import { HELD, Jobs, letGo, openRepo } from '../support/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;

describe('a Redis that', () => {
  let koalaci: Koalaci;
  let jobs: Jobs;
  let admin: Redis;

  beforeAll(async () => {
    koalaci = await Koalaci.open();
    admin = (koalaci.redis as NonNullable<typeof koalaci.redis>).client();
    jobs = await Jobs.at(koalaci, await Daemon.start(koalaci, ['serve', '--concurrency', '2']));
  });
  afterAll(async () => {
    await admin?.config('SET', 'maxmemory', '0');
    expect(await jobs?.server.stop()).toBe(0);
    admin?.disconnect();
    await koalaci?.close();
  });

  const FAULTS = {
    full: {
      begin: () => admin.config('SET', 'maxmemory', '1'),
      end: () => admin.config('SET', 'maxmemory', '0'),
      says: 'its memory is full',
      remedy: 'Raise maxmemory of Redis.',
    },
    // The replica of a server that is not there.
    'read-only': {
      begin: () => admin.replicaof('127.0.0.1', 1),
      end: () => admin.call('REPLICAOF', 'NO', 'ONE'),
      says: 'it is a replica, which cannot be written',
      remedy: 'Name the primary in REDIS_URL.',
    },
  };

  it.each(Object.keys(FAULTS) as (keyof typeof FAULTS)[])(
    'is %s is told as that, and a build goes on until it can be recorded',
    async (name) => {
      const { begin, end, says, remedy } = FAULTS[name];
      const repo = await openRepo();
      await jobs.create(repo, name, `${HELD}; echo the end`);
      await jobs.until(name, ({ step }) => step === 'build');
      await begin();
      try {
        const run = await koalaci.build(repo, { id: 'refused' });
        expect(run.stderr).toContain(`Redis cannot be used: ${says}`);
        expect(run.stderr).toContain(remedy);
        expect(run.exitCode).toBe(5);
        const body = payloadOf({ deployment_id: 'refused', project_repo_url: repo });
        const asked = await jobs.ask('POST', '/job/create', body);
        expect(asked.status).toBe(503);
        // Each refusal has it connect anew.
        expect(asked.body.error?.message).toMatch(new RegExp(`${says}|^Redis does not answer`));
        await letGo(repo);
      } finally {
        await end();
      }
      await jobs.end(name);
      await jobs.whole(name);
      expect(await jobs.log(name)).toContain('the end');
    },
    2 * MINUTE,
  );
});

it(
  'a Redis that hands over to another one: who is still connected to the old one goes to the new one',
  async () => {
    const servers = [await tcpRedis(), await tcpRedis()] as const;
    const [old, next] = servers.map(({ client }) => client) as [Redis, Redis];
    let primary = servers[0].port;
    const address = await proxyTo(() => primary);
    const koalaci = await Koalaci.open();
    const server = await Daemon.start(koalaci, ['serve', '--concurrency', '1'], { REDIS_URL: address });
    const jobs = await Jobs.at(koalaci, server);
    const repo = await openRepo();
    await jobs.create(repo, 'handed-over', `${HELD}; echo the end`);
    await jobs.until('handed-over', ({ step }) => step === 'build');

    await next.replicaof('127.0.0.1', servers[0].port);
    await until(async () => (await next.info('replication')).includes('master_link_status:up'));
    expect(await old.wait(1, 0)).toBe(1);
    await next.call('REPLICAOF', 'NO', 'ONE');
    await old.replicaof('127.0.0.1', servers[1].port);
    primary = servers[1].port;
    await letGo(repo);

    await jobs.end('handed-over');
    await jobs.whole('handed-over');
    expect(await jobs.log('handed-over')).toContain('the end');
    expect(await next.hget('koalaci:job:ann:handed-over', 'status')).toBe('READY');
    await jobs.create(repo, 'after', '');
    await jobs.end('after');
    expect(await server.stop()).toBe(0);
    await koalaci.close();
  },
  2 * MINUTE,
);

/** A server on a port of its own, for one test: servers that follow each other need one. */
async function tcpRedis(): Promise<{ port: number; client: Redis }> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-redis-'));
  const port = await freePort();
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', ''];
  const server: ChildProcess = spawn('redis-server', [...flags, '--repl-diskless-sync-delay', '0'], {
    stdio: 'ignore',
  });
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  onTestFinished(async () => {
    client.disconnect();
    if (server.kill('SIGKILL')) await once(server, 'exit');
    await rm(directory, { recursive: true, force: true });
  });
  await client.ping();
  return { port, client };
}

/** An address whose new connections lead to where `target` says; those that are there stay. */
async function proxyTo(target: () => number): Promise<string> {
  const proxy = createServer((near) => {
    const far = connectTo(target(), '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  onTestFinished(() => void proxy.close());
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
