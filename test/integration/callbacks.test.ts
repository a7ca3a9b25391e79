// Callbacks on a real Redis, to a real HTTP server: signed, tried again, and never into private networks.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { callbackBody } from '../../src/callbacks/callback-body.js';
import { Callbacks } from '../../src/callbacks/callbacks.js';
import { deliver } from '../../src/callbacks/deliver.js';
import { CallbackBody } from '../../src/job/callback.js';
import type { InstallationId, UserId } from '../../src/job/identity.js';
import { parsePayload } from '../../src/job/payload.js';
import { callbackKey, sign } from '../../src/outbound/signature.js';
import { queueJobIdOf } from '../../src/queue/jobs-queue.js';
import { begun, queuedRecord } from '../../src/runner/job.js';
import { requestCancel } from '../../src/store/jobs.js';
import { claimQueued, register } from '../../src/store/queued.js';
import { Recorder } from '../../src/store/recorder.js';
import { seal } from '../../src/store/seal.js';
import { redis } from '../support/own-redis.js';
import { payloadOf } from '../support/payload.js';
import { until } from '../support/until.js';

const README = new URL('../../README.md', import.meta.url);
const SECRET = 's'.repeat(48);
const SIGNING = 'what the receiver knows';
let receiver: Server;
let url: string;
let failures = 0;
let calls: { body: string; id: string; timestamp: string; signature: string }[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      if (failures-- > 0) return response.writeHead(500).end();
      const {
        'koalaci-timestamp': timestamp,
        'koalaci-id': id,
        'koalaci-signature': signature,
      } = request.headers;
      calls.push({ body, id: String(id), timestamp: String(timestamp), signature: String(signature) });
      return response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
beforeEach(() => {
  calls = [];
  failures = 0;
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
});

async function queuedWithCallback(deployment: string) {
  const payload = parsePayload(payloadOf({ deployment_id: deployment, callback_url: url }));
  const record = queuedRecord('ann' as UserId, payload);
  const callback = seal(url, SECRET, 'callback');
  await register(redis, record, {
    queueJobId: queueJobIdOf(record, record.attempt),
    ...{ retentionSeconds: 3600, payloadBytes: 0 },
    callback,
  });
  return record;
}

it('every change of status is sent once, signed, and again when it was not taken', async () => {
  failures = 1;
  const outcomes: string[] = [];
  const callbacks = new Callbacks({
    redis,
    secret: SECRET,
    signingSecret: SIGNING,
    allowPrivate: true,
    log: pino({ level: 'silent' }),
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  const record = await queuedWithCallback('called');
  await requestCancel(redis, record);
  await until(() => calls.length === 2);
  await callbacks.close();
  const bodies = calls.map(({ body }) => JSON.parse(body));
  expect(bodies.map(({ status }) => status).sort()).toEqual(['CANCELED', 'QUEUED']);
  expect(bodies.every(({ deployment_id }) => deployment_id === 'called')).toBe(true);
  expect(bodies).toEqual(
    bodies.map((body) => ({ ...body, user_id: 'ann', attempt: record.attempt, id: expect.any(String) })),
  );
  for (const { body, id, timestamp, signature } of calls) {
    expect(JSON.parse(body).id).toBe(id);
    expect(signature).toBe(`sha256=${sign(callbackKey(SIGNING, 'ann'), { timestamp, id, url, body })}`);
  }
  expect(outcomes.sort()).toEqual(['failed', 'ok', 'ok']);
  expect(await redis.xlen('koalaci:changes')).toBe(0);
});

it('a job that found nothing to build is told with its reason', async () => {
  const callbacks = new Callbacks({
    ...{ redis, secret: SECRET, signingSecret: SIGNING, allowPrivate: true },
    log: pino({ level: 'silent' }),
    onOutcome: () => {},
  });
  const queued = await queuedWithCallback('skipped');
  const record = begun(queued, 'i0' as InstallationId);
  await claimQueued(redis, queueJobIdOf(queued, queued.attempt), record);
  const recorder = new Recorder(redis, record, {
    ...{ logLimit: 1 << 20, retentionSeconds: 3600, onCancel: () => {}, onLost: () => {} },
  });
  const now = Date.now();
  recorder.update({ commit: 'c'.repeat(40), steps: [{ step: 'source', startedAt: now, endedAt: now + 7 }] });
  const end = { reason: 'skipped', message: 'it has [skip ci]', endedAt: Date.now() } as const;
  await recorder.finish({ status: 'CANCELED', ...end });
  await until(() => calls.length === 3);
  await callbacks.close();
  const told = calls.map(({ body }) => JSON.parse(body)).find(({ status }) => status === 'CANCELED');
  expect(CallbackBody.parse(told)).toMatchObject({
    ...{ deployment_id: 'skipped', branch: 'main', commit: 'c'.repeat(40) },
    ...{ reason: 'skipped', message: 'it has [skip ci]', steps: [{ step: 'source', ms: 7 }] },
  });
});

it('one that is given up is an event of its own, and no secret is in it', async () => {
  const outcomes: string[] = [];
  const lines: string[] = [];
  const callbacks = new Callbacks({
    ...{ redis, secret: SECRET, signingSecret: SIGNING, allowPrivate: false },
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  await queuedWithCallback('refused');
  await until(() => outcomes.includes('given_up'));
  await callbacks.close();
  expect(outcomes).toEqual(['failed', 'given_up']);
  const line = lines.find((one) => one.includes('callback given up')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ level: 50, user: 'ann', deployment: 'refused', tries: 1 });
  expect(line).not.toContain('/hook');
});

it('the receiver of the README takes what is signed for it, once, and nothing else', async () => {
  const example = /### Callbacks[\s\S]*?```js\n([\s\S]*?)```/.exec(await readFile(README, 'utf8'))?.[1] ?? '';
  const port = await freePort();
  const address = `http://127.0.0.1:${port}/hook`;
  const key = callbackKey(SIGNING, 'ann');
  const receiving = execa('node', ['--input-type=module', '--eval', example], {
    env: { KEY: key, ADDRESS: address, PORT: String(port) },
    reject: false,
  });
  const isUp = () =>
    fetch(address, { method: 'POST' }).then(
      ({ status }) => status === 403,
      () => false,
    );
  await until(isUp);
  const change = { id: '1-0', user: 'ann', deployment: 'd1', project: 'site', attempt: 'a', status: 'READY' };
  const body = callbackBody({ ...change, facts: {}, time: 0, callback: '' });
  const call = { url: address, id: '1-0', body, key, allowPrivate: true };
  await deliver(call);
  await deliver(call);
  for (const forged of [{ key: callbackKey(SIGNING, 'bob') }, { url: `${address}?x` }])
    await expect(deliver({ ...call, ...forged })).rejects.toThrow('answered 403');
  receiving.kill();
  expect((await receiving).stdout).toBe('ann d1 READY');
});

it.each(['the address', 'localhost'])('%s of this machine is not called', async (host) => {
  const target = host === 'localhost' ? url.replace('127.0.0.1', host) : url;
  const delivery = { url: target, id: '1-0', body: '{}', key: SIGNING, allowPrivate: false };
  await expect(deliver(delivery)).rejects.toThrow('is not a public address');
  expect(calls).toEqual([]);
});

/** A port that nobody has at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
