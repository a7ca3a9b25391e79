import { expect, it } from 'vitest';
import { queueGauge, serviceGauges } from '../../../src/server/gauges.js';
import type { OperationServices } from '../../../src/server/services.js';

it('jobs are counted by state: those that wait with and without a place in the order together', () => {
  expect(queueGauge({ prioritized: 2, waiting: 1, delayed: 4, active: 8 }).values).toEqual([
    [{ state: 'waiting' }, 3],
    [{ state: 'parked' }, 4],
    [{ state: 'active' }, 8],
  ]);
});

it('without Redis there is still what this process knows', async () => {
  const away = async () => Promise.reject(new Error('away'));
  const services = {
    ...{ redis: { pipeline: () => ({ exec: away }), llen: away, zcard: away } },
    queue: { getJobCounts: away, getRanges: away },
    ...{ running: () => 2, version: '1.2.3' },
    storage: async () => [{ name: 'koalaci_snapshots', help: '', values: [] }],
  } as unknown as OperationServices;
  const gauges = await serviceGauges(services);
  expect(gauges.map(({ name }) => name)).toEqual([
    'koalaci_build_info',
    'koalaci_builds_running',
    'koalaci_snapshots',
  ]);
  expect(gauges[0]?.values).toEqual([[{ version: '1.2.3', node: process.versions.node }, 1]]);
});
