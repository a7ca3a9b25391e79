// Server-sent events, wherever the connection cuts them.
import { expect, it } from 'vitest';
import { eventsIn, linesIn } from '../../../src/client/events.js';

const TEXT = ':\n\nid: 7-1\ndata: {"text":"ü"}\n\nevent: cut\ndata: a\r\ndata: b\r\n\r\ndata: unfinished\n';

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

async function* pieces(size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(TEXT);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it.each([1, 2, 3, 7, 1000])('are the same in pieces of %i bytes', async (size) => {
  expect(await all(eventsIn(pieces(size)))).toEqual([
    { event: 'message', id: '7-1', data: '{"text":"ü"}' },
    { event: 'cut', id: '7-1', data: 'a\nb' },
  ]);
});

it('have lines, of which one without an end is none', async () => {
  async function* cutOff() {
    yield Buffer.from('{"a":1}\n{"b"');
  }
  expect(await all(linesIn(cutOff()))).toEqual(['{"a":1}']);
});
