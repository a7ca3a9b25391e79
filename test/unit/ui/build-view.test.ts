import { describe, expect, it } from 'vitest';
import type { EndedRecord } from '../../../src/job/record.js';
import type { Step } from '../../../src/job/status.js';
import type { BuildEvent } from '../../../src/runner/events.js';
import { BuildView } from '../../../src/ui/build-view.js';
import { widthOf } from '../../../src/ui/cells.js';
import { drawEnding, drawFacts } from '../../../src/ui/draw-summary.js';
import { paintWith } from '../../../src/ui/paint.js';
import { artifact, buildingRecord } from '../../support/records.js';

const paint = paintWith(false);
const T0 = Date.parse('2026-01-31T12:00:00Z');
const HOUR = 3_600_000;

/** A build on a clock that the test moves. */
class Shown {
  now = T0;
  readonly view: BuildView;
  readonly base = {
    warm: { branch: 'main', commit: '266e47bed4'.padEnd(40, '0'), savedAt: T0 - 2 * HOUR },
  };
  readonly record = buildingRecord({ createdAt: T0, startedAt: T0, base: this.base, steps: [] });

  constructor({ verbose = false } = {}) {
    this.view = new BuildView({ paint, colours: false, verbose, now: () => this.now });
    this.event({ type: 'started', record: this.record, warm: true, base: this.base });
  }

  event(event: BuildEvent): void {
    this.view.show(event);
  }

  begin(step: Step, why?: string): void {
    this.event({ type: 'step_started', step, ...(why ? { why } : {}) });
    this.record.steps?.push({ step, startedAt: this.now });
  }

  log(text: string, own = false): void {
    this.event({ type: 'log', step: 'build', data: Buffer.from(text), ...(own ? { own } : {}) });
  }

  end(step: Step, ms: number, { ok = true, skipped = false, note = '' } = {}): void {
    this.now += ms;
    const how = { ...(skipped ? { skipped } : {}), ...(note ? { note } : {}) };
    Object.assign(this.record.steps?.at(-1) ?? {}, { endedAt: this.now, ...how });
    this.event({ type: 'step_ended', step, ok, skipped, ms, note });
  }

  screen(columns: number): string {
    const lines = [...this.view.staying(), ...this.view.region({ columns, rows: 24 })];
    return lines.join('\n');
  }
}

function warmBuild(shown: Shown): void {
  shown.begin('source');
  shown.end('source', 400, { note: 'main at 266e47bed4, warm' });
  shown.begin('toolchain');
  shown.end('toolchain', 100, { note: 'node 22.11.0 (.nvmrc), npm 11.21.2' });
  shown.begin('install');
  shown.end('install', 0, { skipped: true, note: '4 inputs unchanged' });
  shown.begin('build', '3 files changed, src/App.tsx first');
}

const OUTPUT = Array.from(
  { length: 9 },
  (_, at) => `transforming (${at + 1}) src/日本語/${'x'.repeat(at * 12)}\n`,
).join('');

describe('a build that runs', () => {
  it('is drawn at 80 columns: steps that ended, the one that runs with its time and why, its last output', () => {
    const shown = new Shown();
    warmBuild(shown);
    shown.log(OUTPUT);
    shown.now += 3_250;
    expect(shown.screen(80)).toMatchInlineSnapshot(`
      "koalaci builds d1 (site, main)
      ✔ source       0.4 s  main at 266e47bed4, warm
      ✔ toolchain    0.1 s  node 22.11.0 (.nvmrc), npm 11.21.2
      – install    skipped  4 inputs unchanged
      ⠧ build         3.3s  3 files changed, src/App.tsx first
        │ transforming (4) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        │ transforming (5) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        │ transforming (6) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
        │ transforming (7) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
        │ transforming (8) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
        │ transforming (9) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"
    `);
  });

  it('is drawn at 200 columns', () => {
    const shown = new Shown();
    warmBuild(shown);
    shown.log(OUTPUT);
    shown.now += 183_250;
    expect(shown.screen(200)).toMatchInlineSnapshot(`
      "koalaci builds d1 (site, main)
      ✔ source       0.4 s  main at 266e47bed4, warm
      ✔ toolchain    0.1 s  node 22.11.0 (.nvmrc), npm 11.21.2
      – install    skipped  4 inputs unchanged
      ⠧ build        3m03s  3 files changed, src/App.tsx first
        │ transforming (4) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        │ transforming (5) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        │ transforming (6) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        │ transforming (7) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        │ transforming (8) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        │ transforming (9) src/日本語/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    `);
  });

  it('has a line that moves from the first moment to the last', () => {
    const shown = new Shown();
    const frames = () => {
      const [first = ''] = shown.view.region({ columns: 80, rows: 24 });
      shown.now += 100;
      const [second = ''] = shown.view.region({ columns: 80, rows: 24 });
      return [first, second];
    };
    const moves = () => expect(new Set(frames()).size).toBe(2);
    moves();
    shown.begin('source');
    moves();
    shown.end('source', 1);
    moves();
    shown.begin('build');
    shown.end('build', 1, { ok: false });
    moves();
  });

  it('takes no more columns and rows than there are', () => {
    const shown = new Shown();
    warmBuild(shown);
    shown.log('日本語\t'.repeat(100));
    for (const columns of [20, 41, 80])
      for (const line of shown.view.region({ columns, rows: 24 }))
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
    for (const rows of [4, 6, 24]) expect(shown.view.region({ columns: 80, rows }).length).toBeLessThan(rows);
  });

  it('folds the output of a step that succeeded, and leaves that of one that failed', () => {
    const shown = new Shown();
    warmBuild(shown);
    shown.log('all is well\n');
    shown.end('build', 1_000);
    expect(shown.screen(80)).not.toContain('all is well');
    shown.begin('artifact');
    shown.log(`${'line\n'.repeat(200)}what matters\n`);
    shown.end('artifact', 1_000, { ok: false });
    const screen = shown.screen(80);
    expect(screen).toContain('  │ what matters');
    expect(screen).toContain('… 101 lines before: koalaci logs d1 --step artifact');
  });

  it('tells the words of koalaci from those of a build that prints the same', () => {
    const shown = new Shown();
    warmBuild(shown);
    shown.log('READY in 0.1 s\nkoalaci: all is well\n');
    shown.log('koalaci: the runner is stopping\n', true);
    shown.end('build', 1, { ok: false });
    const lines = shown.screen(80).split('\n');
    expect(lines).toContain('  │ READY in 0.1 s');
    expect(lines).toContain('  │ koalaci: all is well');
    expect(lines).toContain('koalaci: the runner is stopping');
  });

  it('leaves all output where that is asked for, and draws the line that has no end yet', () => {
    const shown = new Shown({ verbose: true });
    warmBuild(shown);
    shown.view.staying();
    shown.log('one\ntwo\nthree: 10%\rthree: 20%');
    expect(shown.view.staying()).toEqual(['  │ one', '  │ two']);
    expect(shown.view.region({ columns: 80, rows: 24 })[0]).toBe('  │ three: 20%');
    shown.log('\rthree: 100%\n');
    expect(shown.view.staying()).toEqual(['  │ three: 100%']);
  });
});

describe('a build that has ended', () => {
  const ready = (shown: Shown): EndedRecord => ({
    ...{ ...shown.record, artifact: { ...artifact, files: 12, bytes: 480_000, archiveBytes: 120_000 } },
    ...{ status: 'READY', endedAt: shown.now },
  });

  const summary = (shown: Shown, columns: number) => {
    shown.log(OUTPUT);
    shown.end('build', 6_000);
    shown.begin('artifact');
    shown.end('artifact', 300, { note: '12 files' });
    const record = ready(shown);
    const view = { paint, columns, now: shown.now };
    const event = { type: 'ended', ending: { status: 'READY' }, record, recorded: true } as const;
    const facts = {
      largest: [
        { path: 'assets/index-3f9c2a1b.js', bytes: 280_000 },
        { path: 'assets/a-very-long-name-of-a-chunk-that-somebody-made-9f8e7d6c.js', bytes: 90_000 },
        { path: 'index.html', bytes: 1_200 },
      ],
      earlier: [
        { ms: 12_000, bytes: 470_000 },
        { ms: 13_600, bytes: 1 },
        { ms: 9_000, bytes: 1 },
      ],
    };
    const lines = drawEnding(event, view);
    return [...lines, ...drawFacts(record, facts, view)].join('\n');
  };

  it('has a time line, what was reused, what was shipped and how it compares, at 80 columns', () => {
    const shown = new Shown();
    warmBuild(shown);
    expect(summary(shown, 80)).toMatchInlineSnapshot(`
      "READY in 6.8 s
        source        0.4 s  ━━━
        toolchain     0.1 s     ━
        install     skipped
        build           6 s      ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        artifact      0.3 s                                                ━━
        reused     warm: main at 266e47bed4, 2 hours old; install: 4 inputs unchanged
        artifact   /srv/d1.tar.gz (12 files, 468.8 KiB unpacked, 117.2 KiB packed)
        largest    assets/index-3f9c2a1b.js 273.4 KiB
        compared   43 % faster than the last 3 builds (12 s); 9.8 KiB more to ship"
    `);
  });

  it('has them at 200 columns', () => {
    const shown = new Shown();
    warmBuild(shown);
    expect(summary(shown, 200)).toMatchInlineSnapshot(`
      "READY in 6.8 s
        source        0.4 s  ━━━
        toolchain     0.1 s     ━
        install     skipped
        build           6 s      ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        artifact      0.3 s                                                ━━
        reused     warm: main at 266e47bed4, 2 hours old; install: 4 inputs unchanged
        artifact   /srv/d1.tar.gz (12 files, 468.8 KiB unpacked, 117.2 KiB packed)
        largest    assets/index-3f9c2a1b.js 273.4 KiB, assets/a-very-long…-made-9f8e7d6c.js 87.9 KiB, index.html 1.2 KiB
        compared   43 % faster than the last 3 builds (12 s); 9.8 KiB more to ship"
    `);
  });

  it('ends with why it failed, and what to try', () => {
    const shown = new Shown();
    warmBuild(shown);
    shown.end('build', 2_000, { ok: false });
    const why = {
      reason: 'build_failed',
      step: 'build',
      exitCode: 3,
      message: 'it failed',
      remedy: 'Mend it.',
    } as const;
    const record: EndedRecord = { ...shown.record, status: 'ERROR', ...why, endedAt: shown.now };
    const ending = { status: 'ERROR', ...why } as const;
    const view = { paint, columns: 80, now: shown.now };
    const lines = drawEnding({ type: 'ended', ending, record, recorded: false }, view);
    expect(lines.slice(-5)).toEqual([
      'ERROR build_failed: it failed, in step build (exit code 3)',
      '  Mend it.',
      '  The whole log: koalaci logs d1 --failed',
      'koalaci: Redis went away and did not come back: this build is not recorded',
      '  Its output is above; "koalaci logs" and "koalaci status" cannot show how it ended.',
    ]);
  });
});
