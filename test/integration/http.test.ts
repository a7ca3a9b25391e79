// The HTTP service on a real Redis, without an engine: every answer is what its description says, and logs are followed.
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signToken } from '../../src/job/claims.js';
import type { DeploymentId } from '../../src/job/identity.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { createApp } from '../../src/server/app.js';
import { LOG_EVENTS } from '../../src/server/event-schemas.js';
import type { Services } from '../../src/server/services.js';
import { claim } from '../../src/store/jobs.js';
import { logKey } from '../../src/store/keys.js';
import { Recorder } from '../../src/store/recorder.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { heldMemory } from '../support/memory.js';
import { redis, server } from '../support/own-redis.js';
import { payloadOf } from '../support/payload.js';
import { buildingRecord } from '../support/records.js';
import { until } from '../support/until.js';

const SECRET = 's'.repeat(48);
const HOUR = 3600;
const token = signToken('ann', SECRET);
let queue: JobsQueue;
let services: Services;
let app: FastifyInstance;
let url: URL;
const connections = new Set<Socket>();
let engineIsThere = true;
let described: Described['paths'];
let count = 0;

beforeAll(async () => {
  queue = openJobsQueue(redis);
  services = {
    redis,
    artifacts: { directory: '/nowhere', flat: false, objects: '/nowhere' },
    intake: { redis, queue, secret: SECRET, retentionSeconds: HOUR, allowLocal: false, callbacks: false },
    targets: async () => [],
    log: pino({ level: 'silent' }),
    metrics: new Metrics(),
    running: () => 0,
    stopping: () => false,
    engine: async () => {
      if (!engineIsThere) throw new Error('no engine');
    },
  };
  app = createApp(services);
  app.server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  described = ((await app.inject('/openapi.json')).json() as Described).paths;
});
afterAll(async () => {
  await app.close();
  await queue.close();
});

const created = (id: string, fields: object = {}) =>
  JSON.stringify(payloadOf({ deployment_id: id, ...fields }));

async function building(): Promise<{ id: string; recorder: Recorder }> {
  const id = `d${++count}`;
  const record = buildingRecord({ deployment: id as DeploymentId, attempt: id });
  await claim(redis, record, HOUR);
  const options = { logLimit: 32 << 20, retentionSeconds: HOUR, onCancel: () => {}, onLost: () => {} };
  return { id, recorder: new Recorder(redis, record, options) };
}

interface Described {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content: Record<string, { schema: object }> }> }>
  >;
}

const formats = { 'date-time': (time: string) => new Date(time).toISOString() === time };
const ajv = new Ajv2020({ strict: false, formats });

/** Asks, and checks the answer against the description of the route. */
async function ask(
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  options: InjectOptions & { as?: string } = {},
) {
  const { as = path, ...rest } = options;
  const response = await app.inject({
    method,
    url: path,
    headers: { authorization: `Bearer ${token}` },
    ...rest,
  });
  const route = described[as.split('?')[0] ?? '']?.[method.toLowerCase()];
  const schema = route?.responses[response.statusCode]?.content['application/json']?.schema;
  expect(schema, `${method} ${as} ${response.statusCode} is described`).toBeDefined();
  expect(ajv.validate(schema ?? false, response.json()), ajv.errorsText()).toBe(true);
  return { status: response.statusCode, body: response.json() };
}

describe('an answer is as it is described', () => {
  it('when a job is created, seen, listed and canceled', async () => {
    const payload = created('http-1');
    // What `curl -d` sends.
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ask('POST', '/job/create', { payload, headers })).toMatchObject({
      status: 200,
      body: { data: 'OK' },
    });
    expect((await ask('POST', '/job/create', { payload, headers })).status).toBe(409);
    expect((await ask('GET', '/job/http-1/status', { as: '/job/{id}/status' })).body).toEqual({
      data: 'QUEUED',
    });
    expect((await ask('GET', '/job/http-1', { as: '/job/{id}' })).body.data).toMatchObject({
      deployment: 'http-1',
    });
    expect((await ask('GET', '/jobs?limit=5')).body.data).toHaveLength(1);
    expect((await ask('GET', '/job/http-1/log', { as: '/job/{id}/log' })).body).toEqual({ data: '' });
    const cancel = () => ask('PATCH', '/job/http-1/cancel', { as: '/job/{id}/cancel' });
    expect((await cancel()).body).toEqual({ data: 'Queued for cancellation' });
    expect((await cancel()).status).toBe(409);
    expect((await ask('GET', '/job/http-1', { as: '/job/{id}' })).body.data).toMatchObject({
      status: 'CANCELED',
    });
  });

  it.each([
    ['no token', 401, { headers: {} }],
    [
      'a token of another secret',
      401,
      { headers: { authorization: `Bearer ${signToken('ann', 'x'.repeat(48))}` } },
    ],
    ['no body', 400, {}],
    ['what is not JSON', 400, { payload: '{' }],
    ['a field that is not of a job', 400, { payload: created('x', { typo: 1 }) }],
    ['a local source', 400, { payload: created('x', { project_repo_url: '/etc' }) }],
    ['more than 1 MiB', 413, { payload: 'x'.repeat(1024 ** 2 + 1) }],
  ])('when a create has %s', async (_what, status, options: InjectOptions) => {
    const answer = await ask('POST', '/job/create', options);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toMatch(/ at .*\.ts|node_modules/);
  });

  it.each(['/job/{id}', '/job/{id}/log', '/job/{id}/status'])('when there is no such job: %s', async (as) => {
    for (const id of ['nope', '..%2f..', '%00', 'x'.repeat(300)])
      expect((await ask('GET', as.replace('{id}', id), { as })).status).toBe(404);
  });

  it('when the path cannot be read', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await app.inject({ url: '/job/a%zz', headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      error: { code: 'bad_input', message: expect.stringContaining('a%zz') },
    });
  });

  it('when the id is as long as it may be', async () => {
    const id = 'x'.repeat(128);
    expect((await ask('POST', '/job/create', { payload: created(id) })).status).toBe(200);
    expect((await ask('GET', `/job/${id}/status`, { as: '/job/{id}/status' })).body).toEqual({
      data: 'QUEUED',
    });
  });

  it('when it is asked how it is', async () => {
    expect((await ask('GET', '/healthz')).status).toBe(200);
    expect((await ask('GET', '/readyz')).status).toBe(200);
    const metrics = await app.inject('/metrics');
    expect(metrics.body).toContain('koalaci_queue_jobs{state="waiting"}');
  });
});

describe('a log', () => {
  it('comes whole as JSON and as text, with what JSON has to escape', async () => {
    const { id, recorder } = await building();
    const text = `${'"quoted" \\ \t\u001b[31mred\u0000 ü 🐨\r\n'.repeat(5_000)}end\n`;
    recorder.log('build', Buffer.from(text));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    expect((await ask('GET', `/job/${id}/log`, { as: '/job/{id}/log' })).body).toEqual({ data: text });
    const headers = { authorization: `Bearer ${token}`, accept: 'text/plain' };
    expect((await app.inject({ url: `/job/${id}/log`, headers })).body).toBe(text);
  });

  it('comes in parts: the lines of a step, with a text, since a time, the last ones', async () => {
    const { id, recorder } = await building();
    recorder.log('install', Buffer.from('added (1)\n'));
    recorder.log('build', Buffer.from('one\nerror (a+)+$\ntwo\nerror\n'));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    const part = async (query: string) => {
      const { status, body } = await ask('GET', `/job/${id}/log?${query}`, { as: '/job/{id}/log' });
      return status === 200 ? body.data : status;
    };
    expect(await part('step=install')).toBe('added (1)\n');
    expect(await part(`grep=${encodeURIComponent('(a+)+$')}`)).toBe('error (a+)+$\n');
    expect(await part('grep=error&tail=1')).toBe('error\n');
    expect(await part('since=1h&tail=2')).toBe('two\nerror\n');
    expect(await part('since=2100-01-01T00:00:00Z')).toBe('');
    for (const refused of ['tial=1', 'tail=-1', 'since=soon', 'tail=1&tail=2'])
      expect(await part(refused)).toBe(400);
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    expect((await app.inject({ url: `/job/${id}/log?tail=1`, headers })).statusCode).toBe(400);
  });

  it('is followed by 500 at once, each getting every line and the end', async () => {
    const { id, recorder } = await building();
    const lines = Array.from({ length: 2_000 }, (_, n) => `line ${n} ${'x'.repeat(50)}\n`);
    for (const line of lines.slice(0, 1_000)) recorder.log('build', Buffer.from(line));
    await until(async () => (await redis.xlen(logKey({ user: 'ann', deployment: id } as never))) > 0);
    const following = await Promise.all(Array.from({ length: 500 }, () => follow(id)));
    for (const line of lines.slice(1_000)) recorder.log('build', Buffer.from(line));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    for (const { text, end } of await Promise.all(following.map(({ events }) => events))) {
      expect(text === lines.join('')).toBe(true);
      expect(end).toEqual({ status: 'READY' });
    }
  }, 60_000);

  it('is followed on from where a reader was cut off', async () => {
    const { id, recorder } = await building();
    for (const line of ['one\n', 'two\n']) {
      recorder.log('build', Buffer.from(line));
      recorder.log('', Buffer.from('between\n'));
    }
    await recorder.finish({
      status: 'ERROR',
      reason: 'build_failed',
      message: 'it failed',
      endedAt: Date.now(),
    });
    const { ids, text } = await followed(id);
    expect(text).toBe('one\nbetween\ntwo\nbetween\n');
    const rest = await followed(id, { 'last-event-id': ids[1] ?? '' });
    expect(rest.text).toBe('two\nbetween\n');
    expect(rest.end).toEqual({ status: 'ERROR', reason: 'build_failed', message: 'it failed' });
    expect(rest.order).toEqual(['two', 'between', 'status ERROR', 'end ERROR']);
  });

  it('is no more for a reader that has had its end', async () => {
    const { id, recorder } = await building();
    recorder.log('build', Buffer.from('one\n'));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    const { endId } = await followed(id);
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'last-event-id': endId };
    const answer = await app.inject({ url: `/job/${id}/log`, headers });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
  });

  it('is followed with the status and the steps, in order with its lines', async () => {
    const { id, recorder } = await building();
    const { events: following } = await follow(id);
    const steps = [{ step: 'source' as const, startedAt: Date.now() }];
    recorder.update({ step: 'source', steps });
    recorder.log('source', Buffer.from('fetched\n'));
    const ended = steps.map((times) => ({ ...times, endedAt: Date.now() + 1 }));
    recorder.update({ steps: ended });
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    expect((await following).order).toEqual([
      ...['status BUILDING', 'step source', 'fetched', 'step source ended', 'status READY', 'end READY'],
    ]);
  });

  it('is followed while there is none yet, and never will be', async () => {
    const payload = created('waits');
    await app.inject({
      method: 'POST',
      url: '/job/create',
      payload,
      headers: { authorization: `Bearer ${token}` },
    });
    const { events: following } = await follow('waits');
    await app.inject({
      method: 'PATCH',
      url: '/job/waits/cancel',
      headers: { authorization: `Bearer ${token}` },
    });
    expect((await following).order).toEqual(['status QUEUED', 'status CANCELED', 'end CANCELED']);
  });

  it('is followed from its start by a reader of the log before', async () => {
    const { id, recorder } = await building();
    recorder.log('build', Buffer.from('old\n'));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    const { ids } = await followed(id);
    const again = buildingRecord({
      deployment: id as DeploymentId,
      attempt: `${id}-2`,
      createdAt: Date.now(),
    });
    await claim(redis, again, HOUR);
    const options = { logLimit: 1 << 20, retentionSeconds: HOUR, onCancel: () => {}, onLost: () => {} };
    const second = new Recorder(redis, again, options);
    second.log('build', Buffer.from('new\n'));
    await second.finish({ status: 'READY', endedAt: Date.now() });
    expect((await followed(id, { 'last-event-id': ids[0] ?? '' })).text).toBe('new\n');
  });

  it('is seen before its line ends, and joins again', async () => {
    const { id, recorder } = await building();
    const following = await follow(id);
    recorder.log('build', Buffer.from('Proceed? '));
    await until(async () => (await redis.xlen(logKey({ user: 'ann', deployment: id } as never))) > 0);
    recorder.log('build', Buffer.from('y\n'));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    const { ids, text } = await following.events;
    expect([ids.length, text]).toEqual([2, 'Proceed? y\n']);
  });

  it('keeps the letters of a long line, and its one end', async () => {
    const { id, recorder } = await building();
    const text = `a${'é🐨'.repeat(150_000)}\n`;
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 65_536) recorder.log('build', bytes.subarray(at, at + 65_536));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    expect((await followed(id)).text === text).toBe(true);
    expect((await ask('GET', `/job/${id}/log`, { as: '/job/{id}/log' })).body.data === text).toBe(true);
  });

  it('is followed through a restart of Redis', async () => {
    const { id, recorder } = await building();
    const { events: following } = await follow(id);
    recorder.log('build', Buffer.from('one\n'));
    await until(async () => (await redis.xlen(logKey({ user: 'ann', deployment: id } as never))) > 0);
    await server.kill();
    recorder.log('build', Buffer.from('two\n'));
    await server.up();
    recorder.log('build', Buffer.from('three\n'));
    expect(await recorder.finish({ status: 'READY', endedAt: Date.now() })).toBe(true);
    expect(await following).toMatchObject({ text: 'one\ntwo\nthree\n', end: { status: 'READY' } });
  });

  it('costs no memory for readers that stall, and they get the rest when they read on', async () => {
    const { id, recorder } = await building();
    const stalled = await Promise.all(Array.from({ length: 100 }, () => stall(id)));
    const line = Buffer.from(`${'y'.repeat(99)}\n`);
    const before = heldMemory();
    for (let n = 0; n < 80_000; n++) recorder.log('build', line);
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    expect((await followed(id)).text).toHaveLength(8_000_000);
    // Each of them has 8 MB to come, which waits in Redis and in no connection.
    expect(connections.size).toBeGreaterThanOrEqual(stalled.length);
    for (const { writableLength } of connections) expect(writableLength).toBeLessThan(1 << 20);
    expect(heldMemory() - before).toBeLessThan(100 << 20);
    const [first, ...others] = stalled;
    for (const socket of others) socket.destroy();
    expect(await resumed(first as Socket)).toContain('event: end');
  }, 60_000);
});

describe('a token for one log', () => {
  const tokenFor = async (id: string) =>
    (await ask('POST', `/job/${id}/log-token`, { as: '/job/{id}/log-token' })).body.data;
  const get = async (path: string) => (await app.inject(path)).statusCode;

  it('is good in the address of that log, until it expires, and nowhere else', async () => {
    const { id, recorder } = await building();
    const other = await building();
    recorder.log('build', Buffer.from('one\n'));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    const { token: own, url: address, expires_at } = await tokenFor(id);
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(10 * 60_000);
    const response = await fetch(new URL(address, url), { headers: { accept: 'text/event-stream' } });
    expect((await eventsOf(response)).text).toBe('one\n');
    expect(await get(`/job/${id}/log?token=${own}`)).toBe(200);
    for (const path of [
      `/job/${other.id}/log`,
      `/job/${id}`,
      `/job/${id}/status`,
      '/jobs',
      `/job/${id}/artifact`,
    ])
      expect([path, await get(`${path}?token=${own}`)]).toEqual([path, 401]);
    const headers = { authorization: `Bearer ${own}` };
    expect((await app.inject({ url: `/job/${id}/log`, headers })).statusCode).toBe(401);
    expect(await get(`/job/${id}/log?token=${token}`)).toBe(401);
    await other.recorder.finish({ status: 'READY', endedAt: Date.now() });
  });

  it('is not for the log of the same deployment when it is created again, nor for nobody’s', async () => {
    const { id, recorder } = await building();
    const { token: own } = await tokenFor(id);
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    await claim(
      redis,
      buildingRecord({ deployment: id as DeploymentId, attempt: 'x', createdAt: Date.now() + 1 }),
      HOUR,
    );
    expect(await get(`/job/${id}/log?token=${own}`)).toBe(401);
    expect((await ask('POST', '/job/nope/log-token', { as: '/job/{id}/log-token' })).status).toBe(404);
  });

  it('is in no line of the access log', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const logging = createApp({ ...services, log });
    await logging.inject('/job/d1/log?%74oken=geheim');
    await logging.inject('/job/d1/log?token=geheim&x=1');
    await logging.close();
    expect(lines.join('')).toContain('/job/d1/log?token=***');
    expect(lines.join('')).not.toContain('geheim');
  });
});

describe('an error says', () => {
  it('what happened, what to do, and which fields it is about', async () => {
    const payload = created('x', { typo: 1, env: { A: 1 }, project_branch: '-x' });
    const { body } = await ask('POST', '/job/create', { payload });
    expect(body.error.remedy).toContain('Correct the fields');
    expect(body.error.fields.map(({ path }: { path: string }) => path).sort()).toEqual([
      ...['env.A', 'project_branch', 'typo'],
    ]);
    const local = await ask('POST', '/job/create', { payload: created('x', { project_repo_url: '/etc' }) });
    expect(local.body.error.fields).toMatchObject([{ path: 'project_repo_url' }]);
  });

  it('which filter it does not know', async () => {
    const { status, body } = await ask('GET', '/jobs?limt=5');
    expect([status, body.error.fields]).toEqual([
      400,
      [{ path: 'limt', message: 'is not a parameter of this route; did you mean limit?' }],
    ]);
  });
});

describe('without Redis or the engine', () => {
  it('it is alive and not ready, says so in words, and comes back', async () => {
    engineIsThere = false;
    await until(async () => (await ask('GET', '/readyz')).status === 503);
    engineIsThere = true;
    await until(async () => (await ask('GET', '/readyz')).status === 200);
    await server.kill();
    expect((await ask('GET', '/readyz')).status).toBe(503);
    expect((await ask('GET', '/healthz')).status).toBe(200);
    expect(await ask('POST', '/job/create', { payload: created('away') })).toMatchObject({
      status: 503,
      body: { error: { code: 'environment' } },
    });
    await server.up();
    await until(async () => (await ask('GET', '/readyz')).status === 200);
  });
});

/** Follows a log to its end. */
async function followed(id: string, headers: Record<string, string> = {}) {
  return (await follow(id, headers)).events;
}

/** Begins to follow a log, and reads on: it is being followed when this returns, `events` come with its end. */
async function follow(id: string, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(`/job/${id}/log`, url), {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
  });
  return { events: eventsOf(response) };
}

/** Reads what is followed to its end. */
async function eventsOf(response: Response) {
  const events = (await response.text()).split('\n\n').filter((event) => /^data:/m.test(event));
  for (const event of events) {
    const name = /^event: (\w+)$/m.exec(event)?.[1] ?? 'message';
    LOG_EVENTS[name as keyof typeof LOG_EVENTS].parse(JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? ''));
  }
  const data = (event: string) => JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '{}');
  const isLines = (event: string) => /^id: \d+-\d+$/m.test(event);
  const lines = events.filter(isLines);
  const word = (event: string) => {
    const { text = '', step, status, ended_at } = data(event);
    const name = /^event: (\w+)$/m.exec(event)?.[1] ?? '';
    return isLines(event) ? text.trim() : `${name} ${step ?? status}${ended_at ? ' ended' : ''}`;
  };
  return {
    order: events.map(word),
    endId: /^id: (\S+)/.exec(events.at(-1) ?? '')?.[1] ?? '',
    ids: lines.map((event) => /^id: (\S+)/.exec(event)?.[1] ?? ''),
    text: lines.map((event) => data(event).text).join(''),
    end: data(events.find((event) => /^event: end$/m.test(event)) ?? ''),
  };
}

/** A reader that asks, waits for the beginning of the answer, and does not read it. */
async function stall(id: string): Promise<Socket> {
  const socket = connectSocket(Number(url.port), url.hostname);
  const head = [
    `GET /job/${id}/log HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Accept: text/event-stream',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

/** What a stalled reader gets when it reads on, to its last bytes. */
async function resumed(socket: Socket): Promise<string> {
  let tail = '';
  socket.on('data', (data) => {
    tail = (tail + data.toString('latin1')).slice(-1_000);
  });
  await until(() => tail.includes('event: end'), 30_000);
  socket.destroy();
  return tail;
}
