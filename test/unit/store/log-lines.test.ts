import { describe, expect, it } from 'vitest';
import { LineFilter, type LogFilter } from '../../../src/store/log-lines.js';
import type { LogPart } from '../../../src/store/log-reader.js';

type Lines = Extract<LogPart, { kind: 'lines' }>;
const part = (data: string | Buffer, fields: Partial<Lines> = {}): LogPart => ({
  ...{ kind: 'lines', seq: 1, time: 0, step: 'build', line: 1 },
  data: Buffer.from(data as string),
  ...fields,
});
const cut: LogPart = { kind: 'cut', lines: 5, inLine: true };

function found(parts: LogPart[], filter: LogFilter = {}) {
  const lines = new LineFilter(filter);
  const entries = [...parts.flatMap((one) => lines.push(one)), ...lines.end()];
  return entries.map((one) => (one.kind === 'cut' ? `cut ${one.lines}` : one.data.toString()));
}

describe('lines of a log', () => {
  it('are put together from pieces, and have the number and the time of their beginning', () => {
    const lines = new LineFilter({});
    const entries = [
      part('a\nPro'),
      part('ceed? ', { line: 2, time: 5 }),
      part('y\nend', { line: 2, time: 9 }),
    ];
    expect([...entries.flatMap((one) => lines.push(one)), ...lines.end()]).toMatchObject([
      { line: 1, data: Buffer.from('a\n') },
      { line: 2, time: 0, data: Buffer.from('Proceed? y\n') },
      { line: 3, time: 9, data: Buffer.from('end') },
    ]);
  });

  it('end where another step or koalaci begins to speak, and where something is left out', () => {
    expect(found([part('abc', { step: 'install' }), part('d\n'), part('e\n', { own: true })])).toEqual([
      'abc',
      'd\n',
      'e\n',
    ]);
    expect(found([part('abc'), cut, part('xyz\n')])).toEqual(['abc', 'cut 5', 'xyz\n']);
  });

  it('have the last frame of a progress bar that was stored in pieces', () => {
    expect(found([part('10%'), part('\r100%\n')])).toEqual(['100%\n']);
  });

  it('have a bound', () => {
    expect(found([part('x'.repeat(300_000)), part('y\n')]).length).toBeGreaterThan(1);
  });
});

describe('the lines that somebody wants', () => {
  const parts = [
    part('one .*\n', { step: 'install', time: 1_000 }),
    part('two\nthree .*\nfour\n', { time: 5_000 }),
    cut,
    part('five .*\n', { time: 9_000 }),
  ];

  it.each<[string, LogFilter, string[]]>([
    ['of a step', { step: 'install' }, ['one .*\n']],
    ['with a text, letter by letter', { grep: '.*' }, ['one .*\n', 'three .*\n', 'five .*\n']],
    ['since a time', { since: 9_000 }, ['cut 5', 'five .*\n']],
    ['the last ones', { tail: 2 }, ['cut 5', 'five .*\n']],
    ['the last ones with a text', { tail: 2, grep: '.*' }, ['three .*\n', 'five .*\n']],
    ['all of it together', { tail: 1, grep: 'o', step: 'build', since: 2_000 }, ['four\n']],
  ])('are found: %s', (_, filter, expected) => {
    expect(found(parts, filter)).toEqual(expected);
  });

  it('are the last ones of many', () => {
    const many = part(Array.from({ length: 5_000 }, (_, at) => `${at}\n`).join(''));
    expect(found([many, many], { tail: 3 })).toEqual(['4997\n', '4998\n', '4999\n']);
  });
});
