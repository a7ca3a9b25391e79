import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { gauge, METRICS, Metrics } from '../../../src/telemetry/metrics.js';

it('are written as Prometheus reads them: counters, cumulative buckets, gauges, escaped labels', () => {
  const metrics = new Metrics();
  metrics.count('koalaci_builds_total', { status: 'READY', reason: '' });
  metrics.count('koalaci_builds_total', { status: 'READY', reason: '' });
  metrics.observe('koalaci_step_seconds', { step: 'build', outcome: 'a "b"\n' }, 700);
  const lines = metrics.render([gauge('koalaci_builds_running', 'Builds.', 3)]).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '# TYPE koalaci_builds_total counter',
      'koalaci_builds_total{status="READY",reason=""} 2',
      '# TYPE koalaci_step_seconds histogram',
      'koalaci_step_seconds_bucket{step="build",outcome="a \\"b\\"\\n",le="0.5"} 0',
      'koalaci_step_seconds_bucket{step="build",outcome="a \\"b\\"\\n",le="1"} 1',
      'koalaci_step_seconds_bucket{step="build",outcome="a \\"b\\"\\n",le="+Inf"} 1',
      'koalaci_step_seconds_sum{step="build",outcome="a \\"b\\"\\n"} 0.7',
      '# TYPE koalaci_builds_running gauge',
      'koalaci_builds_running 3',
    ]),
  );
  expect(lines.at(-1)).toBe('');
});

it('every counter and histogram stands in the README', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(METRICS.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
