// Callbacks on a real Redis, to a real HTTP server: signed, tried again, and never into private networks.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Callbacks } from '../../src/callbacks/callbacks.js';
import { deliver } from '../../src/callbacks/deliver.js';
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
  const end = { reason: 'skipped', message: 'it has [skip ci]', endedAt: Date.now() } as const;
  await recorder.finish({ status: 'CANCELED', ...end });
  await until(() => calls.length === 3);
  await callbacks.close();
  const told = calls.map(({ body }) => JSON.parse(body)).find(({ status }) => status === 'CANCELED');
  expect(told).toMatchObject({ deployment_id: 'skipped', reason: 'skipped', message: 'it has [skip ci]' });
});

it.each(['the address', 'localhost'])('%s of this machine is not called', async (host) => {
  const target = host === 'localhost' ? url.replace('127.0.0.1', host) : url;
  const delivery = { url: target, id: '1-0', body: '{}', key: SIGNING, allowPrivate: false };
  await expect(deliver(delivery)).rejects.toThrow('is not a public address');
  expect(calls).toEqual([]);
});
