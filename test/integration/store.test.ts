import { describe, expect, it } from 'vitest';
import type { DeploymentId, JobId, UserId } from '../../src/job/identity.js';
import type { BuildingRecord } from '../../src/job/record.js';
import { cancelAndWait } from '../../src/store/cancel.js';
import { connect, untilConnected } from '../../src/store/connect.js';
import { claim, list, load, requestCancel } from '../../src/store/jobs.js';
import { cancelChannel, jobKey, leaseKey, logKey } from '../../src/store/keys.js';
import { followLog, readLog } from '../../src/store/log-reader.js';
import { logStart } from '../../src/store/log-resume.js';
import { LogWriter } from '../../src/store/log-writer.js';
import { Recorder } from '../../src/store/recorder.js';
import { redis, server } from '../support/own-redis.js';
import { buildingRecord } from '../support/records.js';
import { RedisServer } from '../support/redis-server.js';
import { until } from '../support/until.js';

let count = 0;
const HOUR = 3600;

function newRecord(): BuildingRecord {
  const deployment = `d${++count}` as DeploymentId;
  return buildingRecord({ deployment, attempt: `r${count}`, createdAt: Date.now() + count });
}

const options = { logLimit: 1 << 20, retentionSeconds: HOUR, onCancel: () => {}, onLost: () => {} };

const canceledNow = () =>
  ({ status: 'CANCELED', reason: 'canceled', message: 'canceled', endedAt: Date.now() }) as const;

async function textOf(id: JobId): Promise<string> {
  let text = '';
  for await (const part of readLog(redis, id))
    text += part.kind === 'cut' ? `[${part.lines} cut]\n` : part.data;
  return text;
}

describe('a deployment id', () => {
  it('is held by one run at a time', async () => {
    const record = newRecord();
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => claim(redis, { ...record, attempt: `run-${n}` }, HOUR)),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is free again once it has ended, and its log starts anew', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    const recorder = new Recorder(redis, record, options);
    recorder.log('build', Buffer.from('old\n'));
    expect(await recorder.finish({ status: 'READY', endedAt: Date.now() })).toBe(true);
    await claim(redis, { ...record, attempt: 'again' }, HOUR);
    expect(await textOf(record)).toBe('');
    expect((await load(redis, record)).status).toBe('BUILDING');
  });

  it('keeps saying where the artifact of its last READY build is, until it has a new one', async () => {
    const record = newRecord();
    const { artifact, ...begun } = record;
    const build = async (attempt: string, end: 'READY' | 'ERROR', shipped = artifact) => {
      await claim(redis, { ...begun, attempt }, HOUR);
      const recorder = new Recorder(redis, { ...begun, attempt }, options);
      if (shipped && end === 'READY') recorder.update({ artifact: shipped });
      const endedAt = Date.now();
      await recorder.finish(
        end === 'READY'
          ? { status: end, endedAt }
          : { status: end, reason: 'build_failed', message: 'no', endedAt },
      );
      return load(redis, record);
    };
    expect(await build('one', 'READY')).toMatchObject({ status: 'READY', artifact });
    for (const attempt of ['two', 'three']) {
      const failed = await build(attempt, 'ERROR');
      expect(failed).toMatchObject({ status: 'ERROR', lastArtifact: artifact });
      expect(failed).not.toHaveProperty('artifact');
    }
    expect(await build('four', 'READY')).not.toHaveProperty('lastArtifact');
    expect(await redis.hexists(jobKey(record), 'last_artifact')).toBe(0);
  });

  it('of another user answers as one that does not exist', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    const other = { ...record, user: 'bob' as UserId };
    await expect(load(redis, other)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(requestCancel(redis, other)).rejects.toMatchObject({ kind: 'not_found' });
    expect(await list(redis, other.user, 10)).toEqual([]);
  });

  it('becomes ERROR/runner_lost when its runner no longer renews its lease', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    await redis.del(leaseKey(record));
    expect(await load(redis, record)).toMatchObject({ status: 'ERROR', reason: 'runner_lost' });
    await expect(claim(redis, { ...record, attempt: 'next' }, HOUR)).resolves.toBeUndefined();
  });

  it('becomes lost also where an older version called the attempt "run"', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    await redis.del(leaseKey(record));
    await redis.hdel(jobKey(record), 'attempt');
    await redis.hset(jobKey(record), 'run', record.attempt);
    expect(await load(redis, record)).toMatchObject({ status: 'ERROR', reason: 'runner_lost' });
  });

  it('cannot be written by a run that lost it to another', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    const old = new Recorder(redis, record, options);
    await redis.del(leaseKey(record));
    await claim(redis, { ...record, attempt: 'next' }, HOUR);
    expect(await old.finish({ status: 'READY', endedAt: Date.now() })).toBe(false);
    expect(await load(redis, record)).toMatchObject({ attempt: 'next', status: 'BUILDING' });
  });

  it('expires, with its log', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    const recorder = new Recorder(redis, record, options);
    recorder.log('build', Buffer.from('x\n'));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    for (const key of [jobKey(record), logKey(record)])
      expect(await redis.ttl(key)).toBeGreaterThan(HOUR - 60);
    expect(await redis.exists(leaseKey(record))).toBe(0);
  });
});

describe('a cancel', () => {
  it('reaches the runner, and returns when it has stopped', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    const recorder: Recorder = new Recorder(redis, record, {
      ...options,
      onCancel: (message) =>
        void recorder.finish({ status: 'CANCELED', reason: 'canceled', message, endedAt: Date.now() }),
    });
    expect(await cancelAndWait(redis, record)).toBe('CANCELED');
    await expect(requestCancel(redis, record)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('is published, and heard without a look at the record', async () => {
    const [asked, heard] = [newRecord(), newRecord()];
    await claim(redis, asked, HOUR);
    const published: string[] = [];
    const subscriber = server.client();
    subscriber.on('message', (channel, why) => published.push(`${channel} ${why}`));
    await subscriber.subscribe(cancelChannel(asked));
    await requestCancel(redis, asked, 'enough');
    await until(() => published.length > 0);
    expect(published).toEqual([`${cancelChannel(asked)} enough`]);
    subscriber.disconnect();

    await claim(redis, heard, HOUR);
    const whys: string[] = [];
    const recorder = new Recorder(redis, heard, { ...options, onCancel: (why) => void whys.push(why) });
    // The record says nothing of a cancel: only the message does.
    await until(async () => (await redis.publish(cancelChannel(heard), 'enough')) > 0);
    await until(() => whys.length > 0);
    expect(whys).toEqual(['enough']);
    await recorder.finish(canceledNow());
  });

  it('is heard also after Redis was killed and came back', async () => {
    const own = await RedisServer.start();
    const connection = await connect({ url: own.url });
    const record = newRecord();
    await claim(connection, record, HOUR);
    const whys: string[] = [];
    const recorder = new Recorder(connection, record, { ...options, onCancel: (why) => void whys.push(why) });
    const heard = async (why: string) => (await connection.publish(cancelChannel(record), why)) > 0;
    await until(() => heard('before'));
    await until(() => whys.includes('before'));
    await own.kill();
    await own.up();
    await until(() => heard('after').catch(() => false));
    await until(() => whys.includes('after'));
    expect(whys).toEqual(['before', 'after']);
    await recorder.finish(canceledNow());
    connection.disconnect();
    await own.stop();
  });

  it('that comes before the runner listens is seen all the same, as soon as it listens', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    await requestCancel(redis, record);
    let canceled = false;
    const recorder = new Recorder(redis, record, {
      ...options,
      onCancel: () => {
        canceled = true;
      },
    });
    // Nothing is written meanwhile, which would tell it too, as would the lease's renewal after ten seconds.
    await until(() => canceled, 5_000);
    await recorder.finish(canceledNow());
  });
});

describe('a log', () => {
  it('comes back as it was written, by step, in whole lines where they have an end', async () => {
    const record = newRecord();
    const log = new LogWriter(redis, logKey(record), { limit: 1 << 20, ttlSeconds: HOUR });
    log.add('source', Buffer.from('one\ntw'));
    log.add('source', Buffer.from('o\n'));
    log.add('build', Buffer.from('three'));
    expect(await log.close(1_000)).toBe(true);
    const parts = [];
    for await (const part of readLog(redis, record)) parts.push(part);
    expect(parts).toMatchObject([
      { step: 'source', line: 1, data: Buffer.from('one\ntwo\n') },
      { step: 'build', line: 3, data: Buffer.from('three') },
    ]);
  });

  it.each([
    ['a line of many letters', Buffer.from(`a${'é€🐨'.repeat(100_000)}\r\nb\n`)],
    ['bytes that are no UTF-8', Buffer.alloc(700_000, Buffer.from([0xe9, 0xff, 0x80, 0xf0]))],
    ['a last line without an end', Buffer.from('a\n\nb')],
  ])('comes back to the byte: %s', async (_, bytes) => {
    const record = newRecord();
    const log = new LogWriter(redis, logKey(record), { limit: 1 << 24, ttlSeconds: HOUR });
    for (let at = 0; at < bytes.length; at += 65_535) log.add('build', bytes.subarray(at, at + 65_535));
    expect(await log.close(5_000)).toBe(true);
    const parts: Buffer[] = [];
    for await (const part of readLog(redis, record)) if (part.kind === 'lines') parts.push(part.data);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  });

  it('keeps its head also where that is one long line, and says that a part of it is missing', async () => {
    const record = newRecord();
    const log = new LogWriter(redis, logKey(record), { limit: 1_000, ttlSeconds: HOUR });
    log.add('build', Buffer.from(`head ${'x'.repeat(200_000)} tail\n`));
    expect(await log.close(5_000)).toBe(true);
    expect(await textOf(record)).toMatch(/^head x+\[0 cut\]\nx+ tail\n$/);
  });

  it('ends the last line of an attempt that was lost in the middle of it', async () => {
    const record = newRecord();
    const write = async (attempt: number, text: string) => {
      const from = await logStart(redis, record, attempt, 1 << 20);
      const log = new LogWriter(redis, logKey(record), { limit: 1 << 20, ttlSeconds: HOUR, from });
      log.add('build', Buffer.from(text));
      await log.close(5_000);
    };
    await write(1, 'one\ntw');
    await write(2, 'again\n');
    expect(await textOf(record)).toBe('one\ntw\nagain\n');
  });

  it('over its limit keeps head and tail, and says how many lines are missing', async () => {
    const record = newRecord();
    const log = new LogWriter(redis, logKey(record), { limit: 1 << 20, ttlSeconds: HOUR });
    const line = (n: number) => `${String(n).padStart(99, '0')}\n`;
    for (let n = 1; n <= 50_000; n++) log.add('build', Buffer.from(line(n)));
    expect(await log.close(5_000)).toBe(true);
    const text = await textOf(record);
    const cut = Number(/\[(\d+) cut\]/.exec(text)?.[1]);
    expect(text.startsWith(line(1))).toBe(true);
    expect(text.endsWith(line(50_000))).toBe(true);
    expect(text.split('\n').length - 2 + cut).toBe(50_000);
    expect(text.length).toBeLessThan(1.2 * (1 << 20));
  });

  it('is followed to its end while it is written', async () => {
    const record = newRecord();
    await claim(redis, record, HOUR);
    const recorder = new Recorder(redis, record, options);
    let seen = '';
    const following = (async () => {
      for await (const part of followLog(redis, record, new AbortController().signal)) {
        if (part.kind === 'lines') seen += part.data;
      }
    })();
    recorder.log('build', Buffer.from('first\n'));
    await until(() => seen === 'first\n');
    recorder.log('build', Buffer.from('second\n'));
    await recorder.finish({ status: 'READY', endedAt: Date.now() });
    await following;
    expect(seen).toBe('first\nsecond\n');
  });

  it('has every line once after Redis was killed and came back', async () => {
    const own = await RedisServer.start();
    const connection = await connect({ url: own.url });
    const record = newRecord();
    await claim(connection, record, HOUR);
    const recorder = new Recorder(connection, record, options);
    const lines = Array.from({ length: 300 }, (_, n) => `line ${n}\n`);
    for (const line of lines.slice(0, 100)) recorder.log('build', Buffer.from(line));
    await until(async () => (await connection.xlen(logKey(record))) > 0);
    await own.kill();
    for (const line of lines.slice(100, 200)) recorder.log('build', Buffer.from(line));
    await own.up();
    for (const line of lines.slice(200)) recorder.log('build', Buffer.from(line));
    expect(await recorder.finish({ status: 'READY', endedAt: Date.now() })).toBe(true);
    let text = '';
    for await (const part of readLog(connection, record)) if (part.kind === 'lines') text += part.data;
    expect(text).toBe(lines.join(''));
    expect((await load(connection, record)).status).toBe('READY');
    connection.disconnect();
    await own.stop();
  });
});

it('says where it looked when there is no Redis', async () => {
  await expect(connect({ url: 'redis://:secret@127.0.0.1:1' })).rejects.toMatchObject({
    kind: 'environment',
    message: expect.not.stringContaining('secret'),
  });
});

it('is waited for while it is away, for so long at most', async () => {
  const own = await RedisServer.start();
  const connection = await connect({ url: own.url });
  await own.kill();
  await until(() => connection.status !== 'ready');
  await untilConnected(connection, 1);
  await expect(connection.ping()).rejects.toThrow();
  const waited = untilConnected(connection, 60_000);
  await own.up();
  await waited;
  expect(await connection.ping()).toBe('PONG');
  connection.disconnect();
  await own.stop();
});
