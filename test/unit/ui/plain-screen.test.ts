import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { github } from '../../../src/ui/folds.js';
import { PlainScreen } from '../../../src/ui/plain-screen.js';
import { buildingRecord } from '../../support/records.js';

let [out, err] = ['', ''];

beforeEach(() => {
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((data) => {
    out += String(data);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((data) => {
    err += String(data);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

function build(screen: PlainScreen, output: string, { ok = true } = {}): void {
  screen.show({ type: 'started', record: buildingRecord(), warm: false });
  screen.show({ type: 'step_started', step: 'build', why: '3 files changed' });
  screen.show({ type: 'log', step: 'build', data: Buffer.from(output) });
  screen.show({ type: 'log', step: 'build', data: Buffer.from('koalaci: a notice\n'), own: true });
  screen.show({ type: 'step_ended', step: 'build', ok, skipped: false, ms: 1_500, note: 'done' });
}

const OUTPUT = '\x1b[31mred\x1b[0m \x1b]0;title\x07\n10%\r100%\nREADY in 0.1 s\n::endgroup::\nno end';

describe('where nothing is drawn', () => {
  it('each line of output has its step and its time, and no other line looks so', () => {
    build(new PlainScreen({ folds: undefined }), OUTPUT);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^build +\d+\.\ds \| /, '> '))).toEqual([
      ...['> red ', '> 100%', '> READY in 0.1 s', '> ::endgroup::', '> no end', 'koalaci: a notice'],
    ]);
  });

  it('koalaci says the rest elsewhere', () => {
    build(new PlainScreen({ folds: undefined }), OUTPUT);
    expect(err.split('\n')).toEqual([
      ...['koalaci builds d1 (site, main)', '  build …  3 files changed', '✔ build        1.5 s  done', ''],
    ]);
  });

  it('bytes are bytes, where they are asked for', () => {
    build(new PlainScreen({ raw: true, folds: github('word') }), OUTPUT);
    expect(out).toBe(`${OUTPUT}koalaci: a notice\n`);
  });
});

describe('under a CI that folds', () => {
  it('the output is in a fold, whose commands are text; what koalaci says stands outside, in the same place', () => {
    build(new PlainScreen({ folds: github('word') }), OUTPUT);
    const text = out.slice(out.indexOf('::group::'));
    expect(text).toMatch(/^::group::build: 3 files changed\n::stop-commands::word\nred \n/);
    expect(text.indexOf('::endgroup::')).toBeLessThan(text.indexOf('::word::\n::endgroup::\n✔ build'));
    expect(err).toBe('');
  });

  it('the end of a step that failed is seen without opening it', () => {
    build(new PlainScreen({ folds: github('word') }), 'what matters\n', { ok: false });
    expect(out.slice(out.indexOf('::endgroup::'))).toContain(
      '✖ build        1.5 s  done\n  | what matters\n',
    );
  });
});
