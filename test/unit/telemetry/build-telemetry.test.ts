import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { endingOf } from '../../../src/job/ending.js';
import { endedRecord } from '../../../src/job/record.js';
import type { BuildEvent } from '../../../src/runner/events.js';
import { BuildTelemetry } from '../../../src/telemetry/build-telemetry.js';
import { Metrics } from '../../../src/telemetry/metrics.js';
import { buildingRecord } from '../../support/records.js';

const record = buildingRecord({ createdAt: 0, startedAt: 1_000 });

/** The lines and the figures of a build with these events. */
function watch(events: BuildEvent[]) {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write: (line, _encoding, done) => {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  const metrics = new Metrics();
  const telemetry = new BuildTelemetry(record, pino({ level: 'debug', base: null }, destination), metrics);
  for (const event of events) telemetry.show(event);
  return { lines, figures: metrics.render([]).split('\n') };
}

it('says how a build began and ended, with whose it is', () => {
  const ending = endingOf({ reason: 'timed_out', message: 'it took too long', step: 'build' });
  const ended = endedRecord(record, { ...ending, endedAt: 61_000 });
  const { lines, figures } = watch([
    { type: 'started', record, warm: false },
    { type: 'ended', ending, record: ended, recorded: true },
  ]);
  const whose = { user: record.user, deployment: record.deployment, attempt: record.attempt };
  expect(lines).toMatchObject([
    { ...whose, msg: 'build started', project: record.project, warm: false },
    {
      ...whose,
      msg: 'build ended',
      status: 'ERROR',
      reason: 'timed_out',
      message: 'it took too long',
      ms: 60_000,
    },
  ]);
  expect(figures).toContain('koalaci_builds_total{status="ERROR",reason="timed_out"} 1');
  expect(figures).toContain('koalaci_build_seconds_sum{status="ERROR"} 60');
});

it('counts steps by outcome, hits of both caches, and bytes of log without a line for each', () => {
  const step = { type: 'step_ended', step: 'install', note: '', ms: 500 } as const;
  const { lines, figures } = watch([
    { type: 'started', record, warm: true },
    { ...step, ok: true, skipped: true },
    { ...step, ok: true, skipped: false },
    { ...step, ok: false, skipped: false },
    { type: 'log', step: 'build', data: Buffer.from('12345') },
  ]);
  expect(lines.map(({ msg }) => msg)).toEqual(['build started', ...Array(3).fill('step ended')]);
  expect(figures).toEqual(
    expect.arrayContaining([
      'koalaci_step_seconds_count{step="install",outcome="skipped"} 1',
      'koalaci_step_seconds_count{step="install",outcome="ok"} 1',
      'koalaci_step_seconds_count{step="install",outcome="failed"} 1',
      'koalaci_cache_hits_total{cache="snapshot"} 1',
      'koalaci_cache_hits_total{cache="install"} 1',
      'koalaci_log_bytes_total 5',
    ]),
  );
});

it('counts jobs that asked for an earlier build, and warns if one would have been wrong', () => {
  const { lines, figures } = watch([
    { type: 'started', record, warm: false, reuse: 'hit' },
    { type: 'started', record, warm: false, reuse: 'audit' },
    { type: 'audited', finding: 'wrong' },
  ]);
  expect(lines.at(-1)).toMatchObject({ level: 40, msg: 'reuse audited', finding: 'wrong' });
  for (const outcome of ['hit', 'audit'])
    expect(figures).toContain(`koalaci_reuse_total{outcome="${outcome}"} 1`);
  expect(figures).toContain('koalaci_reuse_audits_total{finding="wrong"} 1');
});

it('tells of a second try, and why there was one', () => {
  const cause = { reason: 'silent', message: 'no line of output for 15 min', step: 'build' } as const;
  const { lines, figures } = watch([{ type: 'retried', cause }]);
  expect(lines).toMatchObject([{ msg: 'build tried again from nothing', reason: 'silent' }]);
  expect(figures).toContain('koalaci_retries_total{reason="silent"} 1');
});
