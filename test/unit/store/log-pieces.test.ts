// The beginning of a log in small pieces: together they are the log, line by line with the same numbers.
import { expect, it } from 'vitest';
import { smallAtFirst } from '../../../src/store/log-pieces.js';
import type { LogPart } from '../../../src/store/log-reader.js';

type Lines = Extract<LogPart, { kind: 'lines' }>;

const part = (text: string, line: number): Lines => ({
  ...{ kind: 'lines', seq: line, time: 1, step: 'build', line },
  data: Buffer.from(text),
});

async function piecesOf(...parts: LogPart[]): Promise<LogPart[]> {
  async function* log() {
    yield* parts;
  }
  return collect(smallAtFirst(log()));
}

async function collect(parts: AsyncIterable<LogPart>): Promise<LogPart[]> {
  const all: LogPart[] = [];
  for await (const one of parts) all.push(one);
  return all;
}

it('cuts at ends of lines, in pieces that grow, and counts on', async () => {
  const lines = Array.from({ length: 5_000 }, (_, n) => `line ${n + 1}\n`);
  const pieces = (await piecesOf(part(lines.join(''), 1), part('more\n', 5_001))) as Lines[];
  expect(Buffer.concat(pieces.map(({ data }) => data)).toString()).toBe(`${lines.join('')}more\n`);
  for (const { data, line } of pieces.slice(0, -1))
    expect(data.toString().split('\n')[0]).toBe(`line ${line}`);
  expect(pieces[0]?.data.length).toBeLessThan(1_024);
  expect(pieces.length).toBeLessThan(12);
});

it('leaves alone what is short, one long line, and a place where some are missing', async () => {
  const parts: LogPart[] = [
    part('short\n', 1),
    part('x'.repeat(100_000), 2),
    { kind: 'cut', lines: 3, inLine: true },
    part(`${'y'.repeat(100_000)}\n`, 6),
  ];
  expect(await piecesOf(...parts)).toEqual(parts);
});
