import { describe, expect, it } from 'vitest';
import { openTracing } from '../../../../src/telemetry/traces/tracing.js';
import { wantsTraces } from '../../../../src/telemetry/traces/wanted.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('traces are wanted', () => {
  it.each([
    [ENDPOINT, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
    [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'console, otlp' }, true],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: '' }, true],
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:4318' }, false],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, false],
    [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
  ])('with %j: %j', (env, wanted) => {
    expect(wantsTraces(env)).toBe(wanted);
  });
});

describe('what koalaci cannot do is said, and no traces are made', () => {
  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'nonsense' }, /OTEL_EXPORTER_OTLP_ENDPOINT is no http/],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /http\/protobuf and http\/json, not .* grpc/],
  ])('with %j', async (env, words) => {
    const problems: string[] = [];
    const onProblem = (why: string) => problems.push(why);
    expect(await openTracing({ env, version: '1', onProblem })).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(words)]);
  });
});
