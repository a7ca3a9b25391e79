// One user tries to take the box for themselves: jobs, requests, followers, time, and what is kept.
import { readdir, readFile, readlink } from 'node:fs/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { Daemon } from '../support/daemon.js';
import { gate } from '../support/gate.js';
import { Koalaci, PROJECT } from '../support/koalaci.js';
import { payloadOf } from '../support/payload.js';
import { repoOf } from '../support/repo.js';
import { until } from '../support/until.js';
import { attack } from './attack.js';

const SECRET = 'a secret of the panel, of 32 bytes or more';
const ENV = {
  JWT_SECRET: SECRET,
  KOALACI_USER_QUEUED: '3',
  KOALACI_USER_FOLLOWERS: '2',
  KOALACI_USER_REQUESTS: '40',
};
const FINAL = new Set(['READY', 'ERROR', 'CANCELED']);
let koalaci: Koalaci;
let service: Daemon;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  service = await Daemon.start(koalaci, ['serve', '--concurrency', '0'], ENV);
});
afterAll(async () => {
  await service.stop();
  await koalaci.close();
});

/** A token of a user, whose limits the panel has signed. */
const tokenOf = (user: string, limits?: object, expiresIn = 600) =>
  jwt.sign({ user_id: user, ...(limits ? { 'koalaci.limits': limits } : {}) }, SECRET, { expiresIn });

const create = (token: string, id: string, more: object = {}) =>
  service.ask('POST', '/job/create', { token, body: payloadOf({ deployment_id: id, ...more }) });

/** Begins to follow a log. Returns the answer, whose body is read on until the stream ends. */
const follow = (token: string, id: string) =>
  fetch(`${service.url}/job/${id}/log`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });

/** Asks for a log, or what else a job has, and reads nothing of it. */
async function askAndStall(token: string, id: string, accept: string, what = 'log'): Promise<Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = connectSocket(Number(port), hostname);
  const head = [`GET /job/${id}/${what} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${token}`];
  socket.write(`${[...head, `Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('readable', resolve));
  expect(String(socket.read(12))).toBe('HTTP/1.1 200');
  return socket;
}

/** How many of these connections the service has not closed, as the kernel says. */
async function held(sockets: Socket[]): Promise<number> {
  const port = (number: number | undefined) =>
    `:${Number(number).toString(16).toUpperCase().padStart(4, '0')}`;
  const established = (await readFile('/proc/net/tcp', 'utf8'))
    .split('\n')
    .filter((line) => / 01 /.test(line));
  const ends = new Set(established.map((line) => line.match(/:[0-9A-F]{4}(?= )/g)?.join()));
  return sockets.filter(({ localPort, remotePort }) => ends.has(`${port(remotePort)},${port(localPort)}`))
    .length;
}

/** The most memory that the service has ever had, in bytes. */
async function mostMemory(): Promise<number> {
  const status = await readFile(`/proc/${service.pid}/status`, 'utf8');
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
}

/** Builds a deployment of ann's whose log is larger than what two ends of a connection hold back. */
async function longLog(id: string): Promise<void> {
  const command = 'head -c 9000000 /dev/urandom | base64 -w 100';
  expect((await koalaci.build(await repoOf('static'), { id, command })).exitCode).toBe(0);
}

describe('limits', () => {
  attack(
    'a user creates more jobs than they may, all at once',
    async () => {
      const token = tokenOf('greedy');
      const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => create(token, `g${n}`)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(3);
      expect(statuses.filter((status) => status === 429)).toHaveLength(9);
      const refused = answers.find(({ status }) => status === 429);
      expect(refused?.body.error).toMatchObject({
        code: 'over_limit',
        message: 'your limit is reached: 3 jobs that are queued or building',
      });
      // Others are not touched, and the panel may give more or less.
      expect((await create(tokenOf('other'), 'o1')).status).toBe(200);
      expect((await create(tokenOf('greedy', { queued: 4 }), 'g-more')).status).toBe(200);
      expect((await create(tokenOf('less', { queued: 0 }), 'l1')).status).toBe(429);
    },
    { short: true },
  );

  attack('a user has one job, and the next one is to take its place: that is no attack', async () => {
    const token = tokenOf('pusher', { queued: 1 });
    expect((await create(token, 'p1')).status).toBe(200);
    expect((await create(token, 'p2')).status).toBe(429);
    expect((await create(token, 'p3', { supersede: true })).status).toBe(200);
    expect((await service.ask('GET', '/job/p1/status', { token })).body.data).toBe('CANCELED');
  });

  attack('a user signs larger limits themselves', async () => {
    const claims = { user_id: 'forger', 'koalaci.limits': { queued: 1_000 } };
    const forged = jwt.sign(claims, 'another secret, also of 32 bytes or more');
    expect((await create(forged, 'f1')).status).toBe(401);
  });

  attack('a user makes more requests than they may', async () => {
    const token = tokenOf('busy');
    const ask = () => fetch(`${service.url}/jobs`, { headers: { authorization: `Bearer ${token}` } });
    const answers = await Promise.all(Array.from({ length: 60 }, ask));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(20);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused[0]?.json()).toMatchObject({
      error: { message: expect.stringContaining('40 requests in a minute') },
    });
    expect((await service.ask('GET', '/jobs', { token: tokenOf('calm') })).status).toBe(200);
    expect((await service.ask('GET', '/healthz')).status).toBe(200);
  });

  attack('a user follows more logs than they may', async () => {
    const token = tokenOf('curious');
    await create(token, 'c1');
    const following = await Promise.all([follow(token, 'c1'), follow(token, 'c1')]);
    expect(following.map(({ status }) => status)).toEqual([200, 200]);
    const third = await follow(token, 'c1');
    expect(third.status).toBe(429);
    expect(await third.text()).toContain('2 logs and artifacts that are read at once');
    await service.ask('PATCH', '/job/c1/cancel', { token });
    for (const { text } of await Promise.all(following.map(async (one) => ({ text: await one.text() }))))
      expect(text).toContain('event: end');
    // Those have let go.
    expect((await follow(token, 'c1')).status).toBe(200);
  });

  attack('a log is followed after its token has ended', async () => {
    await create(tokenOf('late'), 'l1');
    const short = await follow(tokenOf('late', undefined, 2), 'l1');
    expect(short.status).toBe(200);
    // Nothing else ends it: the job stays in the queue.
    expect(await short.text()).not.toContain('event: end');
    expect((await service.ask('GET', '/job/l1/status', { token: tokenOf('late') })).body.data).toBe('QUEUED');
  });

  attack('a hundred clients ask for a long log, and read nothing', async () => {
    await longLog('long');
    const token = tokenOf('ann', { followers: 100, requests: 1_000 });
    const memory = await mostMemory();
    const accepted = ['text/event-stream', 'text/plain'];
    // One after the other: those who are at the same place of a log share what was read of it.
    const stalled: Socket[] = [];
    for (let n = 0; n < 100; n++) stalled.push(await askAndStall(token, 'long', accepted[n % 2] ?? ''));
    expect(await held(stalled)).toBe(100);
    expect((await service.ask('GET', '/job/long/log', { token })).status).toBe(429);
    // None of them has said anything: they are cut off.
    await until(async () => (await held(stalled)) === 0, 120_000);
    expect((await mostMemory()) - memory).toBeLessThan(200 << 20);
    const parts = await Promise.all(stalled.map((socket) => text(socket).catch(() => '')));
    for (const part of parts) expect(part.length).toBeLessThan(11_000_000);
    // Who reads gets it all.
    expect((await service.ask('GET', '/job/long/log', { token })).text.length).toBeGreaterThan(12_000_000);
  });

  attack('a hundred clients ask for a large artifact, and read nothing', async () => {
    const command = 'head -c 24000000 /dev/urandom >public/noise';
    expect((await koalaci.build(await repoOf('static'), { id: 'large', command })).exitCode).toBe(0);
    const token = tokenOf('ann', { followers: 100, requests: 1_000 });
    const memory = await mostMemory();
    const stalled: Socket[] = [];
    for (let n = 0; n < 100; n++) stalled.push(await askAndStall(token, 'large', '*/*', 'artifact'));
    expect(await held(stalled)).toBe(100);
    expect((await service.ask('GET', '/job/large/artifact', { token })).status).toBe(429);
    await until(async () => (await held(stalled)) === 0, 120_000);
    expect((await mostMemory()) - memory).toBeLessThan(200 << 20);
    const archive = await readFile(koalaci.artifact('large'));
    const answer = await fetch(`${service.url}/job/large/artifact`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(archive)).toBe(true);
    // Nothing of it is left open.
    const open = await readdir(`/proc/${service.pid}/fd`);
    const files = await Promise.all(
      open.map((one) => readlink(`/proc/${service.pid}/fd/${one}`).catch(() => '')),
    );
    expect(files.filter((path) => path.endsWith('.tar.gz'))).toEqual([]);
  });

  attack('a whole log is read on after its token has ended', async () => {
    await longLog('slow');
    const socket = await askAndStall(tokenOf('ann', undefined, 2), 'slow', 'text/plain');
    // Sooner than a client that reads nothing is cut off for that.
    expect(await held([socket])).toBe(1);
    await until(async () => (await held([socket])) === 0, 30_000);
    expect((await text(socket).catch(() => '')).length).toBeLessThan(11_000_000);
  });

  attack('a user has jobs wait, all at once, that leave more than they may keep', async () => {
    const token = tokenOf('hoarder', { artifacts: 1, running: 1, requests: 10_000 });
    const repo = await repoOf('static');
    const ids = ['h1', 'h2', 'h3'];
    const job = { project_id: PROJECT, project_repo_url: repo, project_dist_directory: 'public' };
    for (const id of ids) expect((await create(token, id, job)).status).toBe(200);
    const worker = await Daemon.start(koalaci, ['worker', '--concurrency', '1'], ENV);
    try {
      const statusOf = async (id: string) =>
        (await service.ask('GET', `/job/${id}/status`, { token })).body.data;
      await until(async () => (await Promise.all(ids.map(statusOf))).every((one) => FINAL.has(String(one))));
      expect(await Promise.all(ids.map(statusOf))).toEqual(['READY', 'ERROR', 'ERROR']);
      const { data } = (await service.ask('GET', '/job/h2', { token })).body;
      expect(data).toMatchObject({ reason: 'user_limit', message: expect.stringContaining('of artifacts') });
      const refused = await create(token, 'h4', job);
      expect(refused.status).toBe(429);
      expect(refused.body.error?.message).toMatch(
        /^your limit is reached: 1 B of artifacts, and .* are kept$/,
      );
      // What replaces the one that is there may come, and others have theirs.
      expect((await create(token, 'h1', job)).status).toBe(200);
      expect((await create(tokenOf('modest', { artifacts: 1 }), 'm1', job)).status).toBe(200);
      await until(async () => (await statusOf('h1')) === 'READY');
    } finally {
      await worker.stop();
    }
  });

  attack('a job asks for more time than the operator gives', async () => {
    const repo = await repoOf('static');
    const built = await koalaci.build(repo, { id: 'time', command: gate() }, ['--timeout', '1h'], {
      KOALACI_TIMEOUT: '5s',
    });
    expect(built.exitCode).toBe(124);
    expect((await koalaci.build(repo, { id: 'next' })).exitCode).toBe(0);
  });
});
