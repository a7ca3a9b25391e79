// The end of a log that followers share, with a real Redis.
import { expect, it } from 'vitest';
import { LogTail } from '../../src/server/log-tail.js';
import { claim } from '../../src/store/jobs.js';
import { logKey } from '../../src/store/keys.js';
import type { Entry } from '../../src/store/log-reader.js';
import { Recorder } from '../../src/store/recorder.js';
import { redis } from '../support/own-redis.js';
import { buildingRecord } from '../support/records.js';

const HOUR = 3600;
const CHUNKS = 40;

it('is whole only when nothing is left to read, however much was written before the end', async () => {
  const record = buildingRecord({ createdAt: Date.now() });
  await claim(redis, record, HOUR);
  const tail = new LogTail(redis, record);
  await tail.look();
  const options = { logLimit: 1 << 24, retentionSeconds: HOUR, onCancel: () => {}, onLost: () => {} };
  const recorder = new Recorder(redis, record, options);
  for (let n = 0; n < CHUNKS; n++) recorder.log('build', Buffer.from(`${'x'.repeat(70_000)}\n`));
  await recorder.finish({ status: 'READY', endedAt: Date.now() });

  await tail.look();
  expect(tail.isEnding).toBe(true);
  const entries = (await redis.xrangeBuffer(logKey(record), '-', '+')) as Entry[];
  expect(entries.length).toBeGreaterThanOrEqual(CHUNKS);
  tail.append(entries.slice(0, 16));
  expect(tail.ended).toBeUndefined();
  tail.append(entries.slice(16));
  expect(tail.ended).toBeUndefined();
  tail.append([]);
  expect(tail.ended).toMatchObject({ status: 'READY' });

  // A follower that is behind gets every chunk, the older ones from Redis.
  let after = 0;
  const seen: number[] = [];
  for (let chunks = await tail.read(after); chunks.length > 0; chunks = await tail.read(after)) {
    seen.push(...chunks.map(({ seq }) => seq));
    after = seen.at(-1) ?? after;
  }
  expect(seen).toEqual(entries.map(([id]) => Number(String(id).split('-')[0])));
});
