// The gauges of the service, measured on request: builds in this process, jobs in the queue.
import { type Gauge, gauge } from '../telemetry/metrics.js';
import type { Services } from './services.js';

/** The gauges of this process and of the queue; without Redis, only those of the process. */
export async function serviceGauges({
  intake,
  running,
}: Pick<Services, 'intake' | 'running'>): Promise<Gauge[]> {
  const builds = gauge('koalaci_builds_running', 'Builds running in this process.', running());
  const counts = await intake.queue
    .getJobCounts('prioritized', 'waiting', 'delayed', 'active')
    .catch(() => undefined);
  return counts ? [builds, queueGauge(counts)] : [builds];
}

/** Jobs by state, from what BullMQ counts. Pure. */
export function queueGauge(counts: Record<string, number>): Gauge {
  const { prioritized = 0, waiting = 0, delayed = 0, active = 0 } = counts;
  const states = { waiting: prioritized + waiting, parked: delayed, active };
  return {
    name: 'koalaci_queue_jobs',
    help: 'Jobs in the queue of all machines, by state.',
    values: Object.entries(states).map(([state, value]) => [{ state }, value]),
  };
}
