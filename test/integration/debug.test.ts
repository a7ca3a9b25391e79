// Builds that cannot be debugged: koalaci says why, and where.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { thisRunner } from '../../src/runner/runner-id.js';
import { claim } from '../../src/store/jobs.js';
import { Koalaci } from '../support/koalaci.js';
import { redis, server } from '../support/own-redis.js';
import { record } from '../support/recorded.js';
import { buildingRecord } from '../support/records.js';

let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

const debug = (id: string) => koalaci.run(['debug', id, '--', 'true'], { env: { REDIS_URL: server.url } });
const failed = { status: 'ERROR', reason: 'build_failed', message: 'no' } as const;

it('names the machine that built it', async () => {
  await record(redis, 'elsewhere', { fields: { runner: 'box-7-0a1b2c3d-12-34' }, end: failed });
  const { exitCode, stderr } = await debug('elsewhere');
  expect([exitCode, stderr]).toEqual([
    6,
    expect.stringMatching(/another machine, box-7\s+Type "koalaci debug elsewhere" there/),
  ]);
});

it('says what is kept, and how', async () => {
  await record(redis, 'not-kept', { fields: { runner: thisRunner() }, end: failed });
  const { exitCode, stderr } = await debug('not-kept');
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining('koalaci run --keep')]);
});

it('waits for the end of a build', async () => {
  await claim(redis, buildingRecord({ deployment: 'runs' as never, attempt: 'runs' }), 3600);
  const { exitCode, stderr } = await debug('runs');
  expect([exitCode, stderr]).toEqual([6, expect.stringContaining('BUILDING')]);
});
