// Logs as they are stored and read again, on a real Redis; and the box as it is seen.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeploymentId, UserId } from '../../src/job/identity.js';
import { lookAtBox } from '../../src/store/box.js';
import { claim } from '../../src/store/jobs.js';
import { logKey } from '../../src/store/keys.js';
import { type LogPart, readLog } from '../../src/store/log-reader.js';
import { register } from '../../src/store/queued.js';
import { Recorder } from '../../src/store/recorder.js';
import { redis } from '../support/own-redis.js';
import { buildingRecord, queuedRecord } from '../support/records.js';
import { until } from '../support/until.js';

const HOUR = 3600;
const options = { logLimit: 1 << 20, retentionSeconds: HOUR, onCancel: () => {}, onLost: () => {} };
let count = 0;

async function building(fields: { user?: UserId; createdAt?: number } = {}) {
  const deployment = `d${++count}` as DeploymentId;
  const record = buildingRecord({ deployment, attempt: `r${count}`, ...fields });
  await claim(redis, record, HOUR);
  return { record, recorder: new Recorder(redis, record, options) };
}

async function partsOf(id: { user: UserId; deployment: DeploymentId }): Promise<LogPart[]> {
  const parts: LogPart[] = [];
  for await (const part of readLog(redis, id)) parts.push(part);
  return parts;
}

const ready = () => ({ status: 'READY', endedAt: Date.now() }) as const;

describe('a stored log', () => {
  it('has the last frame of a progress bar, however slowly that was drawn', async () => {
    const { record, recorder } = await building();
    recorder.log('build', Buffer.from('before\n'));
    for (let percent = 0; percent <= 100; percent += 10) recorder.log('build', Buffer.from(`\r${percent}%`));
    // What is there for long is written, but for what will be drawn over.
    await until(async () => (await redis.xlen(logKey(record))) > 0);
    recorder.log('build', Buffer.from('\rdone\nafter\r\n'));
    await recorder.finish(ready());
    const text = (await partsOf(record)).map((part) => (part.kind === 'lines' ? part.data.toString() : ''));
    expect(text.join('')).toBe('before\ndone\nafter\r\n');
  });

  it("tells koalaci's own lines from those of a build that prints the same", async () => {
    const { record, recorder } = await building();
    recorder.log('build', Buffer.from('koalaci: READY\n'));
    recorder.log('build', Buffer.from('koalaci: READY\n'), { own: true });
    recorder.log('build', Buffer.from('next\n'));
    await recorder.finish(ready());
    expect((await partsOf(record)).map((part) => part.kind === 'lines' && (part.own ?? false))).toEqual([
      ...[false, true, false],
    ]);
  });
});

describe('the box', () => {
  it('has the places of what waits, what runs and what ended; of others only for who may see all', async () => {
    const [ann, ben] = ['ann-of-the-box', 'ben%of:the box'] as UserId[] as [UserId, UserId];
    const queue = async (user: UserId, deployment: string, createdAt: number) =>
      register(
        redis,
        queuedRecord({ user, deployment: deployment as DeploymentId, createdAt, attempt: deployment }),
        {
          ...{ queueJobId: `job-${deployment}`, retentionSeconds: HOUR, payloadBytes: 1 },
        },
      );
    // The oldest is not the next one: its user has others.
    await queue(ben, 'first', 1_000);
    await queue(ann, 'second', 2_000);
    await redis.zadd('koalaci:queue:jobs:prioritized', 2, 'job-first', 1, 'job-second');
    onTestFinished(async () => void (await redis.del('koalaci:queue:jobs:prioritized')));
    const running = await building({ user: ann });
    const ended = await building({ user: ben });
    await ended.recorder.finish(ready());

    const own = await lookAtBox(redis, ann, 10);
    expect(own.queued.map(({ place, deployment }) => [place, deployment])).toEqual([[1, 'second']]);
    expect(own.building.map(({ deployment }) => deployment)).toEqual([running.record.deployment]);
    expect(own.ended).toEqual([]);

    const all = await lookAtBox(redis, 'all', 10);
    expect(all.queued.map(({ place, user }) => [place, user])).toEqual([
      [1, ann],
      [2, ben],
    ]);
    expect(all.ended.map(({ deployment }) => deployment)).toContain(ended.record.deployment);
    await running.recorder.finish(ready());
    expect((await lookAtBox(redis, ann, 10)).ended.map(({ deployment }) => deployment)).toEqual([
      running.record.deployment,
    ]);
  });
});
