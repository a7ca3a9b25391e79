import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/job/status.js';
import { coloursAfter, piecesOfLog } from '../../../src/report/log-pieces.js';
import type { LogPart } from '../../../src/store/log-reader.js';

let seq = 0;
const lines = (line: number, text: string, step: Step | '' = 'build'): LogPart => ({
  ...{ kind: 'lines', seq: ++seq, time: 0, step, line },
  data: Buffer.from(text),
});

async function pieces(...parts: LogPart[]) {
  const made = [];
  for await (const piece of piecesOfLog(read(parts))) made.push({ ...piece, data: piece.data.toString() });
  return made;
}

async function* read(parts: LogPart[]): AsyncGenerator<LogPart> {
  yield* parts;
}

describe('a log in pieces', () => {
  it('has those of one step together, under the numbers of their lines', async () => {
    const made = await pieces(
      lines(1, 'a\n', 'source'),
      lines(2, 'b\nc\n'),
      lines(4, 'd\n'),
      lines(5, 'e\n', ''),
    );
    expect(made.map(({ step, first, lines, data }) => [step, first, lines, data])).toEqual([
      ['source', 1, 1, 'a\n'],
      ['build', 2, 3, 'b\nc\nd\n'],
      ['', 5, 1, 'e\n'],
    ]);
  });

  it('joins a line that was written in parts, and ends the last one', async () => {
    const made = await pieces(lines(1, 'one'), lines(1, ' and'), lines(1, ' two\nth'), lines(2, 'ree'));
    expect(made.map(({ lines, data }) => [lines, data])).toEqual([[2, 'one and two\nthree\n']]);
  });

  it('says where lines are missing, and goes on with their numbers', async () => {
    const made = await pieces(lines(1, 'a'), { kind: 'cut', lines: 7, inLine: true }, lines(9, 'b\n'));
    expect(made.map(({ first, lines, data }) => [first, lines, data])).toEqual([
      [1, 1, 'a\n'],
      [0, 1, '… 7 lines are left out here: the log exceeds its limit (KOALACI_LOG_LIMIT) …\n'],
      [9, 1, 'b\n'],
    ]);
  });

  it('shows the beginning of a line that is too long to draw, however it was written', async () => {
    const [first, ...rest] = await pieces(
      ...Array(5).fill(lines(1, 'x'.repeat(20_000))),
      lines(1, 'y\nnext\n'),
    );
    expect(rest).toEqual([]);
    expect(first?.data.replace(/x+/, 'x')).toBe('x … 34,465 bytes more\nnext\n');
    expect(first?.lines).toBe(2);
  });

  it('are never large, and follow each other', async () => {
    const many = Array.from({ length: 100 }, (_, n) => lines(1 + n * 1000, `${'line\n'.repeat(1000)}`));
    const made = await pieces(...many);
    expect(made.length).toBeGreaterThan(1);
    expect(Math.max(...made.map(({ data }) => data.length))).toBeLessThan(300_000);
    expect(made.map(({ first }) => first)).toEqual(
      made.map((_, at) => 1 + made.slice(0, at).reduce((sum, { lines }) => sum + lines, 0)),
    );
    expect(made.map(({ data }) => data).join('')).toBe('line\n'.repeat(100_000));
  });
});

describe('the colours at the start of a piece', () => {
  it.each([
    ['a\u001b[31mb', '\u001b[31m'],
    ['\u001b[1m\u001b[31mb\u001b[0m', ''],
    ['\u001b[31mb\u001b[m\u001b[4m', '\u001b[4m'],
    ['nothing', '\u001b[1m'],
  ])('after %j are those that still count', (text, left) => {
    expect(coloursAfter('\u001b[1m', Buffer.from(text)).replace(/^\u001b\[1m(?=.)/, '')).toBe(left);
  });

  it('stay few, whatever a build prints', () => {
    expect(coloursAfter('', Buffer.from('\u001b[31m'.repeat(10_000))).length).toBeLessThan(200);
  });
});
