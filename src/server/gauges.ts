// What the service measures when it is asked: builds that run here, jobs that wait on all machines.
import { type Gauge, gauge } from '../telemetry/metrics.js';
import type { Services } from './services.js';

/** The gauges of this process and of the queue. Without Redis the process still has its own. */
export async function serviceGauges({
  intake,
  running,
}: Pick<Services, 'intake' | 'running'>): Promise<Gauge[]> {
  const builds = gauge('koalaci_builds_running', 'Builds that run in this process.', running());
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
    help: 'Jobs in the queue of all boxes, by state.',
    values: Object.entries(states).map(([state, value]) => [{ state }, value]),
  };
}
