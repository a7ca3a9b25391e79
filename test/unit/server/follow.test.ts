import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import type { JobRecord } from '../../../src/job/record.js';
import { follow } from '../../../src/server/follow.js';
import type { LogTail } from '../../../src/server/log-tail.js';
import type { Chunk } from '../../../src/store/log-chunks.js';
import { recordsOfEveryStatus } from '../../support/records.js';

const READY = recordsOfEveryStatus().find(({ status }) => status === 'READY');
const chunk = (seq: number, line: number): Chunk => ({
  ...{ seq, line, time: 0, step: 'build' },
  data: Buffer.from(`line ${line}\n`),
});

/** The log of a job, and where it was read from. */
function tailOf(chunks: Chunk[], ended: JobRecord | undefined) {
  const reads: number[] = [];
  const tail = {
    ended,
    record: { ...READY, steps: [] },
    isSettled: true,
    news: 0,
    createdAt: 5,
    isReplaced: false,
    read: async (after: number) => {
      reads.push(after);
      return chunks.filter(({ seq }) => seq > after);
    },
    more: (_seen: object, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
  };
  return { reads, tail: tail as unknown as LogTail };
}

/** A reader that takes an event at a time, when it is told to. */
function slowReader() {
  const events: string[] = [];
  const taken: (() => void)[] = [];
  const writable = new Writable({
    highWaterMark: 1,
    write: (event, _encoding, done) => {
      events.push(String(event));
      taken.push(done);
    },
  });
  const take = () => taken.shift()?.();
  return { events, take, response: writable as unknown as ServerResponse };
}

/** A reader that takes everything at once. */
function fastReader() {
  const events: string[] = [];
  const writable = new Writable({
    write: (event, _encoding, done) => {
      events.push(String(event).split('\n')[0] ?? '');
      done();
    },
  });
  return { events, response: writable as unknown as ServerResponse };
}

const forEver = new AbortController().signal;

it('sends what comes after a place, says where lines are missing, and ends', async () => {
  const { tail } = tailOf([chunk(1, 1), chunk(2, 2), chunk(3, 3), chunk(7, 7)], READY);
  const { events, response } = fastReader();
  await follow(tail, response, { after: 1, signal: forEver });
  expect(events.slice(0, 4)).toEqual(['id: 5-2', 'id: 5-3', 'event: cut', 'id: 5-7']);
  expect(events.at(-1)).toMatch(/^id: \d+-end$/);
});

it('ends when the signal aborts, though the job goes on', async () => {
  const { tail, reads } = tailOf([chunk(1, 1)], undefined);
  const { events, response } = fastReader();
  const reader = new AbortController();
  const following = follow(tail, response, { after: 0, signal: reader.signal });
  await new Promise(setImmediate);
  expect(reads).toEqual([0, 1]);
  reader.abort();
  await following;
  expect(events).toEqual(['id: 5-1']);
});

it('reads on only when the reader has taken what was sent', async () => {
  const { tail, reads } = tailOf([chunk(1, 1), chunk(2, 2)], READY);
  const { events, response, take } = slowReader();
  const following = follow(tail, response, { after: 0, signal: forEver });
  await new Promise(setImmediate);
  expect([events.length, reads]).toEqual([1, [0]]);
  take();
  await new Promise(setImmediate);
  expect([events.length, reads]).toEqual([2, [0, 1]]);
  take();
  await following;
  expect(reads).toEqual([0, 1, 2]);
});
