// What an operator measures, on a real Redis: in a process that only builds, too.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InstallationId, UserId } from '../../src/job/identity.js';
import { parsePayload } from '../../src/job/payload.js';
import { enqueue } from '../../src/queue/intake.js';
import { type JobsQueue, openJobsQueue } from '../../src/queue/jobs-queue.js';
import { createOperationsApp } from '../../src/server/app.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { storageGauges } from '../../src/telemetry/storage-gauges.js';
import { redis, server } from '../support/own-redis.js';
import { payloadOf } from '../support/payload.js';

let home: string;
let queue: JobsQueue;
let app: FastifyInstance;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'koalaci-metrics-'));
  queue = openJobsQueue(redis);
  const artifacts = { directory: join(home, 'artifacts'), flat: false, objects: join(home, 'objects') };
  app = createOperationsApp({
    ...{ redis, queue, log: pino({ level: 'silent' }), metrics: new Metrics(), version: '1.2.3' },
    ...{ running: () => 2, stopping: () => false, engine: undefined },
    storage: () => storageGauges({ installation: 'i0' as InstallationId, home, artifacts, image: undefined }),
  });
});
afterAll(async () => {
  await app.close();
  await queue.close();
  await rm(home, { recursive: true });
});

const figures = async () => {
  const lines = (await app.inject('/metrics')).body.split('\n').filter((line) => !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => line.split(/ (?=\S+$)/)));
};

it('says what runs, what waits and since when, and what is kept', async () => {
  expect((await figures()).koalaci_queue_oldest_waiting_seconds).toBe('0');
  const intake = { redis, queue, secret: 's'.repeat(48), retentionSeconds: 3600 };
  const options = { ...intake, allowLocal: false, callbacks: false };
  await enqueue(options, 'ann' as UserId, parsePayload(payloadOf({ deployment_id: 'waits' })));
  const place = join(home, 'artifacts', 'ann', 'site');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'd1.tar.gz'), 'x'.repeat(500));
  const found = await figures();
  expect(found).toMatchObject({
    [`koalaci_build_info{version="1.2.3",node="${process.versions.node}"}`]: '1',
    ...{ koalaci_builds_running: '2', 'koalaci_queue_jobs{state="waiting"}': '1' },
    ...{ koalaci_callbacks_waiting: '0', koalaci_artifacts: '1', koalaci_artifacts_bytes: '500' },
  });
  expect(Number(found.koalaci_queue_oldest_waiting_seconds)).toBeGreaterThan(0);
  expect(Number(found['koalaci_disk_free_bytes{disk="home"}'])).toBeGreaterThan(0);
});

it('is alive and ready, and has no jobs to ask for', async () => {
  const status = async (path: string) => (await app.inject(path)).statusCode;
  expect(await Promise.all(['/healthz', '/readyz', '/jobs', '/job/waits'].map(status))).toEqual([
    ...[200, 200, 404, 404],
  ]);
  await server.kill();
  expect([await status('/healthz'), await status('/readyz'), await status('/metrics')]).toEqual([
    200, 503, 200,
  ]);
  await server.up();
});
