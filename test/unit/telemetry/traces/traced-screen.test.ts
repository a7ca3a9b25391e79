import { ROOT_CONTEXT, SpanStatusCode } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../../src/job/ending.js';
import { endingOf } from '../../../../src/job/ending.js';
import type { Step } from '../../../../src/job/status.js';
import type { BuildEvent } from '../../../../src/runner/events.js';
import { TracedScreen } from '../../../../src/telemetry/traces/traced-screen.js';
import { buildingRecord } from '../../../support/records.js';

const record = buildingRecord({ createdAt: 1_000, startedAt: 4_000 });
const started: BuildEvent = { type: 'started', record, warm: true };
const begin = (step: Step): BuildEvent => ({ type: 'step_started', step });
const end = (step: Step, ok = true): BuildEvent => ({
  ...{ type: 'step_ended', step, ok, skipped: false, ms: 1, note: '' },
});
const ended = (cause?: Cause): BuildEvent => ({
  ...{ type: 'ended', ending: endingOf(cause), record, recorded: true },
});

/** The spans of a build, and what its other screen was told. */
function trace(events: BuildEvent[], isQueued = false) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const shown: BuildEvent[] = [];
  const screen = { show: (event: BuildEvent) => void shown.push(event), ready: () => undefined };
  const how = { tracer: provider.getTracer('test'), parent: ROOT_CONTEXT, isQueued };
  const traced = new TracedScreen(screen, how);
  for (const event of events) traced.show(event);
  return { spans: exporter.getFinishedSpans(), shown };
}

const resultOf = ({ attributes }: ReadableSpan) =>
  attributes['cicd.pipeline.result'] ?? attributes['cicd.pipeline.task.run.result'];

describe('a trace of a build', () => {
  it('passes on all that happens', () => {
    const events = [started, begin('build'), end('build'), ended()];
    expect(trace(events).shown).toEqual(events);
  });

  it('begins when the job was created, and has its time in the queue', () => {
    const { spans } = trace([started, ended()], true);
    const times = spans.map(({ name, startTime, endTime }) => [name, startTime[0], endTime[0]]);
    expect(times[0]).toEqual(['queue', 1, 4]);
    expect(times[1]?.slice(0, 2)).toEqual(['BUILD', 1]);
  });

  it.each<[Cause['reason'], string, boolean]>([
    ['build_failed', 'failure', true],
    ['out_of_memory', 'failure', true],
    ['timed_out', 'timeout', true],
    ['silent', 'timeout', true],
    ['internal', 'error', true],
    ['runner_lost', 'error', true],
    ['canceled', 'cancellation', false],
    ['skipped', 'skip', false],
  ])('calls %s a %s, in the job and in the step that it ended', (reason, result, isError) => {
    const cause = { reason, message: 'so it is' };
    const { spans } = trace([started, begin('build'), end('build', false), ended(cause)]);
    expect(spans.map(({ name }) => name)).toEqual(['build', 'BUILD']);
    for (const span of spans) {
      expect(resultOf(span)).toBe(result);
      expect(span.attributes['error.type']).toBe(isError ? reason : undefined);
      expect(span.status).toEqual(
        isError ? { code: SpanStatusCode.ERROR, message: 'so it is' } : { code: SpanStatusCode.UNSET },
      );
    }
  });

  it('has the steps of both tries, and one end', () => {
    const cause: Cause = { reason: 'install_failed', message: 'stale' };
    const first = [begin('install'), end('install', false), { type: 'retried', cause } as const];
    const { spans } = trace([started, ...first, begin('install'), end('install'), ended()]);
    expect(spans.map((span) => [span.name, resultOf(span)])).toEqual([
      ['install', 'failure'],
      ['install', 'success'],
      ['BUILD', 'success'],
    ]);
    expect(spans[2]?.events.map(({ name }) => name)).toEqual(['retried']);
    expect(new Set(spans.map(({ attributes }) => attributes['cicd.pipeline.task.run.id'])).size).toBe(3);
  });

  it('ends where the job goes back into its queue', () => {
    const cause: Cause = { reason: 'runner_lost', message: 'the container was stopped' };
    const { spans } = trace([started, begin('build'), end('build', false), { type: 'retried', cause }]);
    expect(spans.map((span) => [span.name, resultOf(span)])).toEqual([
      ['build', 'error'],
      ['BUILD', 'error'],
    ]);
  });
});
