// The gauges of the service, measured on request: builds in this process, jobs in the queue, what is kept.
import { oldestWaiting, waitingCallbacks } from '../queue/waiting.js';
import { type Gauge, gauge } from '../telemetry/metrics.js';
import type { OperationServices } from './services.js';

/** The gauges of this process, of the queue and of what is kept; without Redis, only those of the machine. */
export async function serviceGauges({
  redis,
  queue,
  running,
  version,
  storage,
}: Pick<OperationServices, 'redis' | 'queue' | 'running' | 'version' | 'storage'>): Promise<Gauge[]> {
  const queued = Promise.all([
    queue.getJobCounts('prioritized', 'waiting', 'delayed', 'active'),
    oldestWaiting(redis, queue),
    waitingCallbacks(redis),
  ]).catch(() => undefined);
  const [waiting, kept] = await Promise.all([queued, storage?.() ?? []]);
  return [
    buildInfo(version),
    gauge('koalaci_builds_running', 'Builds running in this process.', running()),
    ...(waiting ? waitingGauges(...waiting) : []),
    ...kept,
  ];
}

function buildInfo(version: string): Gauge {
  const labels = { version, node: process.versions.node };
  return { name: 'koalaci_build_info', help: 'What runs here.', values: [[labels, 1]] };
}

function waitingGauges(
  counts: Record<string, number>,
  oldest: number | undefined,
  callbacks: number,
): Gauge[] {
  const age = oldest === undefined ? 0 : Math.max(0, Date.now() - oldest) / 1000;
  return [
    queueGauge(counts),
    gauge('koalaci_queue_oldest_waiting_seconds', 'How long the job waits that has waited longest.', age),
    gauge('koalaci_callbacks_waiting', 'Callbacks that are to be sent, or sent again.', callbacks),
  ];
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
