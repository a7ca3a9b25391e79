import { expect, it } from 'vitest';
import type { Intake } from '../../../src/queue/intake.js';
import { queueGauge, serviceGauges } from '../../../src/server/gauges.js';

const intakeThat = (getJobCounts: () => Promise<Record<string, number>>) =>
  ({ queue: { getJobCounts } }) as unknown as Intake;

it('jobs are counted by state: those that wait with and without a place in the order together', () => {
  expect(queueGauge({ prioritized: 2, waiting: 1, delayed: 4, active: 8 }).values).toEqual([
    [{ state: 'waiting' }, 3],
    [{ state: 'parked' }, 4],
    [{ state: 'active' }, 8],
  ]);
});

it('without Redis there is still what this process knows', async () => {
  const running = () => 2;
  const names = async (intake: Intake) => (await serviceGauges({ intake, running })).map(({ name }) => name);
  expect(await names(intakeThat(async () => ({})))).toEqual(['koalaci_builds_running', 'koalaci_queue_jobs']);
  expect(await names(intakeThat(async () => Promise.reject(new Error('away'))))).toEqual([
    'koalaci_builds_running',
  ]);
});
