// What `serve` and `worker` have in common: they start, run until they are told to stop, and stop in an orderly way.
import type { Redis } from 'ioredis';
import { type JobsQueue, openJobsQueue } from '../queue/jobs-queue.js';
import type { BuildWorker } from '../queue/worker.js';
import { CLOSING_MS } from '../settings/timing.js';
import { settledWithin } from '../store/settled-within.js';
import { startCallbacks, startReconciling, startWorker } from './daemon-parts.js';
import { type DaemonFlags, type DaemonPlan, planDaemon } from './daemon-plan.js';
import { Interrupts } from './interrupt.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export interface Daemon extends Pick<DaemonPlan, 'session' | 'secret' | 'log' | 'metrics'> {
  redis: Redis;
  queue: JobsQueue;
  /** Builds that run here. */
  running: () => number;
  /** Whether it has been told to stop. */
  stopping: () => boolean;
}

/**
 * Runs a daemon until it is told to stop; the first signal lets builds end within `--drain`, the second does not.
 * `open` starts what it does besides building, and returns a function that closes that.
 */
export async function runDaemon(
  flags: DaemonFlags,
  open: (daemon: Daemon) => Promise<() => Promise<void>>,
): Promise<void> {
  const session = openSession();
  const plan = await planDaemon(session, flags);
  await withRedis(session, async (redis) => {
    const queue = openJobsQueue(redis);
    let worker: BuildWorker | undefined;
    using interrupts = new Interrupts(() => worker?.requeue());
    const running = () => worker?.running ?? 0;
    const { secret, log, metrics } = plan;
    const state = { running, stopping: () => interrupts.any };
    const close = await open({ session, redis, queue, secret, log, metrics, ...state });
    worker = await startWorker(plan, redis, queue);
    const callbacks = startCallbacks(plan, redis);
    const reconciling = startReconciling(redis, { containers: worker !== undefined, log });
    log.info({ concurrency: plan.concurrency }, 'ready');
    log.info({ how: await interrupts.first, running: running() }, 'stopping');
    await worker?.drain(plan.drainMs);
    await callbacks?.close();
    await close();
    await reconciling.stop();
    await settledWithin(CLOSING_MS, queue.close());
    log.info('stopped');
  });
}
