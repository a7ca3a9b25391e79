import { expect, it } from 'vitest';
import type { LogPart } from '../../../src/store/log-reader.js';
import { type LogStyle, LogStyler } from '../../../src/ui/log-style.js';

const lines = (line: number, data: string | Buffer, time = 0): LogPart => ({
  ...{ kind: 'lines', seq: 1, time, step: 'build', line },
  data: Buffer.from(data as string),
});
const cut = (count: number): LogPart => ({ kind: 'cut', lines: count, inLine: false });
const part = lines(7, 'a\nb\n');

function styled(parts: LogPart[], style: LogStyle): Buffer {
  const styler = new LogStyler(style);
  return Buffer.concat([...parts.map((one) => styler.part(one)), styler.end()]);
}

const objects = (parts: LogPart[], style: LogStyle = {}) =>
  styled(parts, { json: true, ...style })
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

it('prints lines as they are', () => {
  expect(styled([part], {}).toString()).toBe('a\nb\n');
});

it('prints lines with their time', () => {
  expect(styled([part], { timestamps: true }).toString()).toBe(
    '1970-01-01T00:00:00.000Z a\n1970-01-01T00:00:00.000Z b\n',
  );
});

it('prints lines as NDJSON, with their numbers', () => {
  expect(objects([part])).toMatchObject([
    { line: 7, text: 'a', step: 'build' },
    { line: 8, text: 'b' },
  ]);
});

it('prints nothing of another step', () => {
  expect(styled([part], { step: 'install' }).length).toBe(0);
});

it('says where lines were left out', () => {
  expect(styled([cut(1234)], {}).toString()).toContain('1,234 lines are left out');
});

const pieces = [lines(1, 'a\nPro'), lines(2, 'ceed? ', 5), lines(2, 'y\nend', 9)];

it('joins a line that came in pieces: the bytes are those of the output', () => {
  expect(styled(pieces, {}).toString()).toBe('a\nProceed? y\nend');
  const latin = [lines(1, Buffer.from([0xe9])), lines(1, Buffer.from([0x0d, 0x0a]))];
  expect(styled(latin, { timestamps: true }).subarray(25)).toEqual(Buffer.from([0xe9, 0x0d, 0x0a]));
});

it('gives it one time, of its beginning', () => {
  expect(
    styled(pieces, { timestamps: true })
      .toString()
      .replace(/1970-01-01T00:00:0/g, ''),
  ).toBe('0.000Z a\n0.000Z Proceed? y\n0.009Z end');
  expect(objects(pieces)).toMatchObject([
    { line: 1, text: 'a' },
    { line: 2, text: 'Proceed? y', time: '1970-01-01T00:00:00.000Z' },
    { line: 3, text: 'end' },
  ]);
});

it('keeps letters whole that came in pieces', () => {
  const [head, tail] = [Buffer.from('🐨\n').subarray(0, 2), Buffer.from('🐨\n').subarray(2)];
  expect(objects([lines(1, head), lines(1, tail)])).toMatchObject([{ line: 1, text: '🐨' }]);
});

it('begins a line where something is left out of one', () => {
  const parts = [lines(1, 'abc'), cut(0), lines(1, 'xyz\n')];
  expect(styled(parts, {}).toString()).toMatch(/^abc\n… a part is left out here: .*\nxyz\n$/);
  expect(objects(parts)).toMatchObject([{ text: 'abc' }, { cut: 0 }, { text: 'xyz' }]);
});
