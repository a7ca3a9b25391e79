import { expect, it } from 'vitest';
import { chunkEvent, cutEvent, endEvent, positionIn } from '../../../src/server/log-events.js';
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

it.each([
  ['READY', '{"status":"READY"}'],
  ['ERROR', '{"status":"ERROR","reason":"build_failed","message":"it failed: \\"ü\\"\\n"}'],
  ['CANCELED', '{"status":"CANCELED","reason":"canceled","message":"it failed: \\"ü\\"\\n"}'],
])('ends with %s', (status, data) => {
  const record = recordsOfEveryStatus().find((one) => one.status === status);
  expect(record && endEvent(record)).toBe(`event: end\ndata: ${data}\n\n`);
});

it.each([
  ['of this log', '1700-7', 7],
  ['of the log before the deployment was created again', '1699-7', 0],
  ['of an older version, which did not say whose it was', '7', 0],
  ['that is none', 'x', 0],
])('goes on after an id %s', (_, id, position) => {
  expect(positionIn(id, 1_700)).toBe(position);
});
