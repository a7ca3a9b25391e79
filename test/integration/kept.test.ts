import { describe, expect, it } from 'vitest';
import type { DeploymentId, ProjectId, UserId } from '../../src/job/identity.js';
import type { BuildingRecord } from '../../src/job/record.js';
import { claim, claimId, requestCancel } from '../../src/store/jobs.js';
import { keptTooMuch } from '../../src/store/kept.js';
import { jobKey, keptKey, keptUntilKey, logKey } from '../../src/store/keys.js';
import { claimQueued, register } from '../../src/store/queued.js';
import { Recorder } from '../../src/store/recorder.js';
import { redis } from '../support/own-redis.js';
import { artifact, buildingRecord, queuedRecord } from '../support/records.js';
import { until } from '../support/until.js';

const HOUR = 3600;
const LINE = Buffer.from(`${'x'.repeat(99)}\n`);
let count = 0;

const newUser = () => `user-${++count}` as UserId;
const sumOf = async (user: UserId, kind: 'logs' | 'artifacts') =>
  Number((await redis.hget(keptKey(user), kind)) ?? 0);

function recordOf(user: UserId, deployment: string, fields: Partial<BuildingRecord> = {}): BuildingRecord {
  const { artifact: _, ...begun } = buildingRecord({ user, deployment: deployment as DeploymentId });
  return { ...begun, attempt: `attempt-${++count}`, ...fields };
}

/** Builds a deployment that prints some lines, and ships an archive of so many bytes. */
async function build(record: BuildingRecord, { lines = 0, ships = 0, seconds = HOUR } = {}): Promise<void> {
  await claim(redis, record, seconds);
  const options = { logLimit: 1 << 20, retentionSeconds: seconds, onCancel: () => {}, onLost: () => {} };
  const recorder = new Recorder(redis, record, options);
  for (let line = 0; line < lines; line++) recorder.log('build', LINE);
  if (ships > 0) recorder.update({ artifact: { ...artifact, archiveBytes: ships } });
  const endedAt = Date.now();
  const failed = { status: 'ERROR', reason: 'build_failed', message: 'no', endedAt } as const;
  expect(await recorder.finish(ships > 0 ? { status: 'READY', endedAt } : failed)).toBe(true);
}

/** Claims an id as the service does, and lets it go again. */
async function ask(record: BuildingRecord, mostKept: { logs?: number; artifacts?: number }): Promise<void> {
  await claimId(redis, record, { ...{ retentionSeconds: HOUR, leaseMs: 1, hidden: {} }, mostKept });
}

/** What Redis has of a user, asked anew. */
async function measured(user: UserId): Promise<number> {
  const keys = await redis.keys(`*:${user}:*`);
  const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)));
  return sizes.reduce<number>((sum, size) => sum + Number(size), 0);
}

describe('logs and records', () => {
  it('come to what Redis has of them, whatever has happened to them', async () => {
    const user = newUser();
    await build(recordOf(user, 'd1'), { lines: 2_000 });
    await build(recordOf(user, 'd2'), { lines: 10 });
    await build(recordOf(user, 'd1'), { lines: 50 });
    const queued = queuedRecord({ user, deployment: 'd3' as DeploymentId });
    await register(redis, queued, { queueJobId: 'q3', retentionSeconds: HOUR, payloadBytes: 5_000_000 });
    await claimQueued(redis, 'q3', recordOf(user, 'd3'));
    // The payload is in the queue.
    expect(await sumOf(user, 'logs')).toBeGreaterThan(5_000_000);
    await redis.del(`koalaci:lease:${user}:d3`);
    await requestCancel(redis, queued);
    const sum = await sumOf(user, 'logs');
    // Less than a field of a record: why a job waits, or is to be canceled, is noted without counting.
    expect(Math.abs(sum - (await measured(user)))).toBeLessThan(300);
    expect(sum).toBeLessThan(100_000);
  });

  it('count while a build still prints', async () => {
    const user = newUser();
    const record = recordOf(user, 'd1');
    await claim(redis, record, HOUR);
    const options = { logLimit: 1 << 20, retentionSeconds: HOUR, onCancel: () => {}, onLost: () => {} };
    const recorder = new Recorder(redis, record, options);
    for (let line = 0; line < 2_000; line++) recorder.log('build', LINE);
    // As each renewal of the lease does.
    await until(async () => (await recorder.isOurs()) && (await sumOf(user, 'logs')) > 200_000);
    await recorder.finish({ status: 'ERROR', reason: 'silent', message: 'no', endedAt: Date.now() });
  });

  it('refuse the next job where they are too many, and say when some go', async () => {
    const user = newUser();
    await build(recordOf(user, 'd1'), { lines: 2_000 });
    const refusal = ask(recordOf(user, 'd2'), { logs: 100_000 });
    await expect(refusal).rejects.toMatchObject({
      kind: 'over_limit',
      message: expect.stringContaining('your limit is reached: 97.7 KiB of logs and records, and '),
    });
    const { retryAfter } = await refusal.catch((error) => error);
    expect(retryAfter).toBeGreaterThan(HOUR - 60);
    expect(retryAfter).toBeLessThanOrEqual(HOUR);
    expect(await redis.exists(jobKey(recordOf(user, 'd2')))).toBe(0);
    // What replaces the large one is no more, and another user has their own.
    await ask(recordOf(user, 'd1'), { logs: 100_000 });
    await ask(recordOf(newUser(), 'd1'), { logs: 100_000 });
  });

  it('no longer count when they have expired', async () => {
    const user = newUser();
    const old = recordOf(user, 'old');
    await build(recordOf(user, 'new'), { lines: 10 });
    await build(old, { lines: 2_000, ships: 700, seconds: 1 });
    await expect(ask(recordOf(user, 'd2'), { logs: 100_000 })).rejects.toMatchObject({ kind: 'over_limit' });
    await until(async () => (await redis.exists(jobKey(old), logKey(old))) === 0);
    await until(() =>
      ask(recordOf(user, 'd2'), { logs: 100_000 }).then(
        () => true,
        () => false,
      ),
    );
    expect(await sumOf(user, 'artifacts')).toBe(0);
    expect(await redis.zrange(keptUntilKey(user), '0', '-1')).toEqual(['logs:new', 'logs:d2']);
    expect(await redis.ttl(keptKey(user))).toBeGreaterThan(HOUR - 60);
  });
});

describe('artifacts', () => {
  it('count once for each file that is there', async () => {
    const user = newUser();
    await build(recordOf(user, 'd1'), { ships: 1_000 });
    await build(recordOf(user, 'd1'), { ships: 300 });
    expect(await sumOf(user, 'artifacts')).toBe(300);
    // A build that fails leaves the one before, and another project has its own file under the same id.
    await build(recordOf(user, 'd1'));
    await build(recordOf(user, 'd1', { project: 'other' as ProjectId }), { ships: 50 });
    expect(await sumOf(user, 'artifacts')).toBe(350);
  });

  it('refuse the next job where they are too large, also one that was queued before', async () => {
    const user = newUser();
    const waiting = queuedRecord({ user, deployment: 'd2' as DeploymentId });
    await register(redis, waiting, { queueJobId: 'q2', retentionSeconds: HOUR, payloadBytes: 0 });
    expect(await keptTooMuch(redis, waiting, { artifacts: 1_000 })).toBeUndefined();
    await build(recordOf(user, 'd1'), { ships: 1_000 });
    const refusal = ask(recordOf(user, 'd3'), { artifacts: 1_000 });
    await expect(refusal).rejects.toThrow('your limit is reached: 1000 B of artifacts, and 1000 B are kept');
    expect(await keptTooMuch(redis, waiting, { artifacts: 1_000 })).toMatchObject({ kind: 'over_limit' });
    expect(await keptTooMuch(redis, waiting, {})).toBeUndefined();
    // It makes room for itself.
    await ask(recordOf(user, 'd1'), { artifacts: 1_000 });
  });
});

it('a user who may keep nothing has no job', async () => {
  await expect(ask(recordOf(newUser(), 'd1'), { logs: 0 })).rejects.toMatchObject({ retryAfter: 1 });
});
