import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstallationId, UserId } from '../../src/job/identity.js';
import { parsePayload } from '../../src/job/payload.js';
import type { QueuedRecord } from '../../src/job/record.js';
import { enqueue, type Intake } from '../../src/queue/intake.js';
import {
  type JobsQueue,
  openJobsQueue,
  type QueuedJob,
  queueJobIdOf,
  queueKeyOf,
} from '../../src/queue/jobs-queue.js';
import { reconcileRecords } from '../../src/queue/reconcile.js';
import { promoteStrays, shortenStalledCheck } from '../../src/queue/tomorrow.js';
import { begun, queuedRecord } from '../../src/runner/job.js';
import { LEASE_MS, RECONCILE_TURN_MS } from '../../src/settings/timing.js';
import { load, requestCancel } from '../../src/store/jobs.js';
import { jobKey, leaseKey, logKey, RECONCILE_KEY, slotsKey } from '../../src/store/keys.js';
import { readLog } from '../../src/store/log-reader.js';
import { logStart } from '../../src/store/log-resume.js';
import {
  claimQueued,
  lossesInCompany,
  noteCompany,
  register,
  unfinished,
  unfinishedOf,
} from '../../src/store/queued.js';
import { Recorder } from '../../src/store/recorder.js';
import { acquireSlot, releaseSlot } from '../../src/store/slots.js';
import { takeTurn } from '../../src/store/turns.js';
import { redis } from '../support/own-redis.js';
import { payloadOf } from '../support/payload.js';
import { artifact } from '../support/records.js';
import { until } from '../support/until.js';

const HOUR = 3600;
let queue: JobsQueue;
let intake: Intake;
let count = 0;

beforeAll(async () => {
  queue = openJobsQueue(redis);
  intake = {
    redis,
    queue,
    secret: 's'.repeat(32),
    retentionSeconds: HOUR,
    allowLocal: false,
    callbacks: false,
  };
});
afterAll(async () => {
  await queue.close();
});

const newUser = () => `user-${++count}` as UserId;

function payload(fields: object = {}) {
  const own = {
    deployment_id: `d${++count}`,
    project_repo_url: 'https://git:password@example.org/site.git',
  };
  return parsePayload(payloadOf({ ...own, ...fields }));
}

/** A job that is QUEUED, without an entry in BullMQ. */
async function registered(): Promise<{ record: QueuedRecord; queueJobId: string }> {
  const record = queuedRecord(newUser(), payload());
  const queueJobId = queueJobIdOf(record, record.attempt);
  await register(redis, record, { queueJobId, retentionSeconds: HOUR, payloadBytes: 0 });
  return { record, queueJobId };
}

const INSTALLATION = '0123456789ab' as InstallationId;
const asAttempt = (record: QueuedRecord, attempt: string) => ({
  ...begun({ ...record, attempt }, INSTALLATION),
  artifact,
});
const options = (more: object = {}) => ({
  logLimit: 1 << 20,
  retentionSeconds: HOUR,
  onCancel: () => {},
  onLost: () => {},
  ...more,
});

describe('a job that is handed in', () => {
  it('is QUEUED, and its secrets are not in Redis in clear', async () => {
    const user = newUser();
    const record = await enqueue(intake, user, payload({ env: { TOKEN: 'very-secret' } }));
    expect((await load(redis, record)).status).toBe('QUEUED');
    const entry = JSON.stringify(await redis.hgetall(queueKeyOf(queueJobIdOf(record, record.attempt))));
    expect(entry).toContain(record.deployment);
    expect(entry + JSON.stringify(await redis.hgetall(jobKey(record)))).not.toMatch(/very-secret|password/);
  });

  it('comes after all that its user has in the queue, and before the second one of others', async () => {
    const [busy, other] = [newUser(), newUser()];
    for (let n = 0; n < 20; n++) await enqueue(intake, busy, payload());
    const first = await enqueue(intake, other, payload());
    const entry = await queue.getJob(queueJobIdOf(first, first.attempt));
    expect(entry?.opts.priority).toBe(1);
    const waiting = await queue.getJobs(['prioritized'], 0, -1, true);
    const place = waiting.findIndex(({ data }) => data.deployment === first.deployment);
    const busyBefore = waiting.slice(0, place).filter(({ data }) => data.user === busy);
    expect(busyBefore).toHaveLength(1);
  });

  it('is refused when it names a repository of the machine, or a callback that cannot be signed', async () => {
    for (const fields of [{ project_repo_url: '/etc' }, { callback_url: 'https://example.org/hook' }])
      await expect(enqueue(intake, newUser(), payload(fields))).rejects.toMatchObject({ kind: 'bad_input' });
  });

  it('that cannot be added does not stay QUEUED', async () => {
    const user = newUser();
    const broken = { add: () => Promise.reject(new Error('no')) } as unknown as JobsQueue;
    await expect(enqueue({ ...intake, queue: broken }, user, payload())).rejects.toMatchObject({
      kind: 'environment',
    });
    expect(await unfinishedOf(redis, user)).toEqual([]);
  });

  it('may be created again when it has ended, not before', async () => {
    const user = newUser();
    const again = payload();
    const record = await enqueue(intake, user, again);
    await expect(enqueue(intake, user, again)).rejects.toMatchObject({ kind: 'conflict' });
    await requestCancel(redis, record);
    await enqueue(intake, user, again);
    expect((await load(redis, record)).status).toBe('QUEUED');
  });
});

describe('slots', () => {
  it('are never more than the limit when a hundred jobs ask at once, and go to who has waited longest', async () => {
    const user = newUser();
    const jobs = Array.from({ length: 100 }, (_, n) => ({ queueJobId: `job-${n}`, createdAt: n }));
    const answers = await Promise.all(jobs.map((job) => acquireSlot(redis, user, job, 3)));
    expect(answers.filter(Boolean)).toHaveLength(3);
    const parked = jobs.filter((_, index) => !answers[index]);
    const holder = jobs[answers.indexOf(true)]?.queueJobId ?? '';
    expect(await releaseSlot(redis, user, holder)).toBe(parked[0]?.queueJobId);
  });

  it('of a dead worker are free soon, also when the clock has been set back since', async () => {
    const user = newUser();
    await redis.zadd(slotsKey(user), Date.now() + 86_400_000, 'dead');
    expect(await acquireSlot(redis, user, { queueJobId: 'next', createdAt: 1 }, 1)).toBe(true);
  });
});

describe('a queued job', () => {
  it('is taken by one worker only', async () => {
    const { record, queueJobId } = await registered();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => claimQueued(redis, queueJobId, asAttempt(record, `run-${n}`))),
    );
    expect(answers.filter((answer) => typeof answer === 'object')).toEqual([{ claims: 1, lost: 0 }]);
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(9);
  });

  it('that is canceled is never taken', async () => {
    const { record, queueJobId } = await registered();
    await requestCancel(redis, record);
    expect(await claimQueued(redis, queueJobId, asAttempt(record, 'r'))).toBe('gone');
    expect(await load(redis, record)).toMatchObject({ status: 'CANCELED', reason: 'canceled' });
  });

  it('is queued once more when its runner is lost, and ends when that happens again', async () => {
    const { record, queueJobId } = await registered();
    await claimQueued(redis, queueJobId, asAttempt(record, 'first'));
    await redis.del(leaseKey(record));
    expect((await load(redis, record)).status).toBe('QUEUED');
    expect(await claimQueued(redis, queueJobId, asAttempt(record, 'second'))).toEqual({ claims: 2, lost: 1 });
    await redis.del(leaseKey(record));
    expect(await load(redis, record)).toMatchObject({ status: 'ERROR', reason: 'runner_lost' });
  });

  it('is not charged for a runner that died of other jobs, and of none that it has left', async () => {
    const { record, queueJobId } = await registered();
    for (const lost of [0, 1, 2]) {
      expect(await claimQueued(redis, queueJobId, asAttempt(record, `${lost}`))).toMatchObject({ lost });
      await noteCompany(redis, record, true);
      expect(await lossesInCompany(redis, record)).toBe(lost);
      await redis.del(leaseKey(record));
      expect((await load(redis, record)).status).toBe('QUEUED');
    }
    // Alone, it is charged as ever.
    for (const status of ['QUEUED', 'ERROR']) {
      await claimQueued(redis, queueJobId, asAttempt(record, status));
      await redis.del(leaseKey(record));
      expect((await load(redis, record)).status).toBe(status);
    }
  });

  it('has an end also if its runners always have others', async () => {
    const { record, queueJobId } = await registered();
    for (let attempt = 0; (await load(redis, record)).status === 'QUEUED'; attempt++) {
      expect(attempt).toBeLessThan(20);
      await claimQueued(redis, queueJobId, asAttempt(record, `${attempt}`));
      await noteCompany(redis, record, true);
      await redis.del(leaseKey(record));
    }
    expect(await load(redis, record)).toMatchObject({ status: 'ERROR', reason: 'runner_lost' });
  });

  it('leaves no record where there is none', async () => {
    const { record } = await registered();
    await redis.del(jobKey(record));
    await noteCompany(redis, record, true);
    expect(await redis.exists(jobKey(record))).toBe(0);
  });

  it('that was to be canceled when its runner was lost is not built again', async () => {
    const { record, queueJobId } = await registered();
    await claimQueued(redis, queueJobId, asAttempt(record, 'first'));
    await requestCancel(redis, record, 'enough');
    await redis.del(leaseKey(record));
    expect(await load(redis, record)).toMatchObject({ status: 'CANCELED', message: 'enough' });
  });

  it('goes on in its log, and its first runner can neither write there nor in the record', async () => {
    const { record, queueJobId } = await registered();
    const first = asAttempt(record, 'first');
    await claimQueued(redis, queueJobId, first);
    let lost = 0;
    const old = new Recorder(redis, first, options({ onLost: () => void lost++ }));
    old.log('build', Buffer.from('one\ntwo\n'));
    expect(await old.isOurs()).toBe(true);
    await until(async () => (await redis.xlen(logKey(record))) > 0);
    await redis.del(leaseKey(record));
    await load(redis, record);
    const second = asAttempt(record, 'second');
    await claimQueued(redis, queueJobId, second);
    const from = await logStart(redis, record, 2, 1 << 20);
    const recorder = new Recorder(redis, second, options({ from }));
    recorder.log('', Buffer.from('again\n'));
    recorder.log('build', Buffer.from('three\n'));
    expect(await recorder.finish({ status: 'READY', endedAt: Date.now() })).toBe(true);
    expect(lost).toBe(0);
    old.log('build', Buffer.from('late\n'));
    expect(await old.isOurs()).toBe(false);
    expect(lost).toBeGreaterThan(0);
    expect(
      await old.finish({ status: 'ERROR', reason: 'internal', message: 'late', endedAt: Date.now() }),
    ).toBe(false);
    const parts = [];
    for await (const part of readLog(redis, record)) parts.push(part);
    expect(parts.map((part) => (part.kind === 'lines' ? `${part.line} ${part.data}` : 'cut'))).toEqual([
      '1 one\ntwo\n',
      '3 again\n',
      '4 three\n',
    ]);
    expect(await load(redis, record)).toMatchObject({ status: 'READY', attempt: 'second' });
  });

  it('that a runner gives back is queued again; one that was to be canceled is not', async () => {
    const { record, queueJobId } = await registered();
    const first = asAttempt(record, 'first');
    await claimQueued(redis, queueJobId, first);
    expect(await new Recorder(redis, first, options()).requeue()).toBe('ok');
    expect(await load(redis, record)).not.toHaveProperty('startedAt');
    const second = asAttempt(record, 'second');
    expect(await claimQueued(redis, queueJobId, second)).toEqual({ claims: 2, lost: 0 });
    await requestCancel(redis, record, 'enough');
    expect(await new Recorder(redis, second, options()).requeue()).toEqual({ canceled: 'enough' });
  });

  it('whose container was lost goes back into its queue once', async () => {
    const { record, queueJobId } = await registered();
    for (const [attempt, answer] of [
      ['first', 'ok'],
      ['second', 'ends'],
    ] as const) {
      const claimed = asAttempt(record, attempt);
      await claimQueued(redis, queueJobId, claimed);
      expect(await new Recorder(redis, claimed, options()).requeue({ isLost: true })).toBe(answer);
    }
  });

  it('that no queue holds ends, and is forgotten among the unfinished', async () => {
    const { record } = await registered();
    await redis.hset(jobKey(record), 'created_at', Date.now() - 60_000);
    const kept = await enqueue(intake, newUser(), payload());
    await redis.hset(jobKey(kept), 'created_at', Date.now() - 60_000);
    await reconcileRecords(redis);
    expect(await load(redis, record)).toMatchObject({ status: 'ERROR', reason: 'runner_lost' });
    expect((await load(redis, kept)).status).toBe('QUEUED');
    expect((await unfinished(redis)).map(({ deployment }) => deployment)).not.toContain(record.deployment);
  });

  it('of tomorrow, when the clock has been set back since, is held no longer than others', async () => {
    const DAY_MS = 86_400_000;
    const { record } = await registered();
    await redis.hset(jobKey(record), 'created_at', Date.now() + DAY_MS);
    const held = await registered();
    await claimQueued(redis, held.queueJobId, asAttempt(held.record, 'first'));
    await redis.pexpire(leaseKey(held.record), DAY_MS);
    await redis.set(RECONCILE_KEY, '1', 'PX', DAY_MS);
    const putOff = await enqueue(intake, newUser(), payload());
    const entry = await queue.getJob(queueJobIdOf(putOff, putOff.attempt));
    await entry?.remove();
    await queue.add('build', entry?.data as QueuedJob, { jobId: entry?.id ?? '', delay: DAY_MS });

    await shortenStalledCheck(redis);
    expect(await takeTurn(redis, RECONCILE_KEY, RECONCILE_TURN_MS)).toBe(false);
    await reconcileRecords(redis);
    await promoteStrays(redis, queue);
    expect(await load(redis, record)).toMatchObject({ status: 'ERROR', reason: 'runner_lost' });
    expect(await redis.pttl(leaseKey(held.record))).toBeLessThanOrEqual(LEASE_MS);
    expect(await redis.pttl(RECONCILE_KEY)).toBeLessThanOrEqual(RECONCILE_TURN_MS);
    expect(await queue.getJobState(entry?.id ?? '')).toBe('waiting');
  });
});
