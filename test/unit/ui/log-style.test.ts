import { expect, it } from 'vitest';
import type { LogPart } from '../../../src/store/log-reader.js';
import { styleLog } from '../../../src/ui/log-style.js';

const part: LogPart = { kind: 'lines', seq: 1, time: 0, step: 'build', line: 7, data: Buffer.from('a\nb\n') };

it('prints lines as they are', () => {
  expect(styleLog(part, {}).toString()).toBe('a\nb\n');
});

it('prints lines with their time', () => {
  expect(styleLog(part, { timestamps: true }).toString()).toBe(
    '1970-01-01T00:00:00.000Z a\n1970-01-01T00:00:00.000Z b\n',
  );
});

it('prints lines as NDJSON, with their numbers', () => {
  const lines = styleLog(part, { json: true })
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { line: 7, text: 'a', step: 'build' },
    { line: 8, text: 'b' },
  ]);
});

it('prints nothing of another step', () => {
  expect(styleLog(part, { step: 'install' }).length).toBe(0);
});

it('says where lines were left out', () => {
  expect(styleLog({ kind: 'cut', lines: 1234 }, {}).toString()).toContain('1,234 lines are left out');
});
