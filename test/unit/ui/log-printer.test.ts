import { describe, expect, it } from 'vitest';
import type { LogEntry, LogLine } from '../../../src/store/log-lines.js';
import { LogPrinter, type LogStyle } from '../../../src/ui/log-printer.js';

const line = (data: string | Buffer, fields: Partial<LogLine> = {}): LogLine => ({
  ...{ kind: 'line', seq: 1, time: 0, step: 'build', line: 7, own: false },
  data: Buffer.from(data as string),
  ...fields,
});
const cut = (lines: number): LogEntry => ({ kind: 'cut', lines, inLine: false });
const printed = (entries: LogEntry[], style: LogStyle = {}) =>
  new LogPrinter(style).print(entries).toString();

describe('for people', () => {
  it('each step has a heading with its time, and its lines stand below it', () => {
    const steps = () => [
      { step: 'install' as const, startedAt: 0, endedAt: 5_100 },
      { step: 'build' as const, startedAt: 5_200 },
    ];
    const entries = [
      line('added\n', { step: 'install' }),
      line('a\n', { time: 5_200 }),
      line('b\n', { time: 5_200 }),
    ];
    expect(printed(entries, { steps })).toBe('▸ install  5.1 s\n  added\n▸ build\n  a\n  b\n');
  });

  it("koalaci's own words are told from a build that prints the same", () => {
    const said = 'koalaci: ERROR build_failed\n';
    expect(printed([line(said), line(said, { own: true })])).toBe(
      '▸ build\n  koalaci: ERROR build_failed\nkoalaci: ERROR build_failed\n',
    );
    expect(printed([line('▸ artifact\n'), line('x\n')])).toBe('▸ build\n  ▸ artifact\n  x\n');
  });

  it('lines have their times, their last frames, and no commands', () => {
    expect(printed([line('a\x1b[2J\x1b[31mb\n')], { timestamps: true })).toBe(
      '▸ build\n  1970-01-01T00:00:00.000Z ab\n',
    );
    expect(printed([line('\x1b[31mb\n')], { colours: true })).toContain('\x1b[31mb\x1b[0m\n');
  });

  it('says where lines were left out, and ends a line that has no end', () => {
    expect(printed([cut(1234), line('no end')])).toMatch(
      /^… 1,234 lines are left out here: .*\n▸ build\n {2}no end\n$/,
    );
  });
});

describe('for programs', () => {
  it('lines are NDJSON, with their numbers and who says them', () => {
    const text = printed([line('a\r\n'), line('b\n', { own: true, line: 8 }), cut(3)], { json: true });
    expect(
      text
        .trim()
        .split('\n')
        .map((one) => JSON.parse(one)),
    ).toEqual([
      { time: '1970-01-01T00:00:00.000Z', step: 'build', line: 7, text: 'a' },
      { time: '1970-01-01T00:00:00.000Z', step: 'build', line: 8, own: true, text: 'b' },
      { cut: 3 },
    ]);
  });

  it('bytes are what was printed', () => {
    const bytes = Buffer.from([0xe9, 0x1b, 0x5b, 0x32, 0x4a, 0x0d, 0x0a]);
    expect(new LogPrinter({ raw: true }).print([line(bytes)])).toEqual(bytes);
    expect(printed([line('a\n')], { raw: true, timestamps: true })).toBe('1970-01-01T00:00:00.000Z a\n');
  });
});
