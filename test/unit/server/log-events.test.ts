import { expect, it } from 'vitest';
import { chunkEvent, cutEvent, endEvent, hasSeenEnd, positionIn } from '../../../src/server/log-events.js';
import type { Chunk } from '../../../src/store/log-chunks.js';
import { recordsOfEveryStatus } from '../../support/records.js';

const chunk = (text: string): Chunk => ({ seq: 7, time: 0, step: 'build', line: 3, data: Buffer.from(text) });

it('a chunk is an event with its place, time, step, line and text', () => {
  expect(String(chunkEvent(chunk('one\ntwo\n'), 1_700))).toBe(
    'id: 1700-7\ndata: {"time":"1970-01-01T00:00:00.000Z","step":"build","line":3,"text":"one\\ntwo\\n"}\n\n',
  );
});

it('no text can end an event or begin another one', () => {
  const text = 'a\r\rdata: forged\n\nevent: end\n';
  const event = String(chunkEvent(chunk(text), 0));
  expect(event.split(/\r\n|\r|\n/)).toHaveLength(4);
  expect(JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '').text).toBe(text);
});

it('the event of a chunk is made once', () => {
  const one = chunk('x\n');
  expect(chunkEvent(one, 0)).toBe(chunkEvent(one, 0));
});

it('says how many lines are left out', () => {
  expect(cutEvent(12)).toBe('event: cut\ndata: {"lines":12}\n\n');
});

it('ends with the status alone when it is READY, and else with all that is known of why', () => {
  const end = (status: string, more = {}) => {
    const record = recordsOfEveryStatus().find((one) => one.status === status);
    const [id, name, data] = String(record && endEvent({ ...record, ...more }))
      .trimEnd()
      .split('\n');
    expect([id, name]).toEqual([`id: ${record?.createdAt}-end`, 'event: end']);
    return JSON.parse(data?.replace('data: ', '') ?? '');
  };
  expect(end('READY')).toEqual({ status: 'READY' });
  expect(end('ERROR', { extract: ['x.ts:1: no'] })).toEqual({
    ...{ status: 'ERROR', reason: 'build_failed', step: 'build', exit_code: 0 },
    ...{ message: 'it failed: "ü"\n', remedy: 'Try again.', extract: ['x.ts:1: no'] },
  });
  expect(end('CANCELED')).toMatchObject({ status: 'CANCELED', reason: 'canceled' });
});

it('a client has seen the end of a log by the id of that, and not by that of the log before', () => {
  const record = recordsOfEveryStatus().find(({ status }) => status === 'READY');
  if (!record) throw new Error('no record');
  const { createdAt } = record;
  const seen = (id: string) => hasSeenEnd(id, record);
  expect([`${createdAt}-end`, `${createdAt}-7`, `${createdAt - 1}-end`, ''].map(seen)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(positionIn(`${createdAt - 1}-end`, createdAt)).toBe(0);
});

it.each([
  ['of this log', '1700-7', 7],
  ['of the log before the deployment was created again', '1699-7', 0],
  ['of an older version, which did not say whose it was', '7', 0],
  ['that is none', 'x', 0],
])('goes on after an id %s', (_, id, position) => {
  expect(positionIn(id, 1_700)).toBe(position);
});
