// What `serve` and `worker` share: they start, run until a stop signal, and shut down in order.
import type { Redis } from 'ioredis';
import { settledWithin } from '../job/settled-within.js';
import { type JobsQueue, openJobsQueue } from '../queue/jobs-queue.js';
import type { BuildWorker } from '../queue/worker.js';
import { CLOSING_MS } from '../settings/timing.js';
import { claimSchema } from '../store/schema.js';
import { startCallbacks, startPruning, startReconciling, startWorker } from './daemon-parts.js';
import { type DaemonFlags, type DaemonPlan, planDaemon } from './daemon-plan.js';
import { Interrupts } from './interrupt.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export interface Daemon
  extends Pick<DaemonPlan, 'session' | 'secret' | 'log' | 'metrics' | 'artifacts' | 'sandboxDefaults'> {
  redis: Redis;
  queue: JobsQueue;
  /** How many builds run in this process. */
  running: () => number;
  /** Whether a stop signal has arrived. */
  stopping: () => boolean;
}

/**
 * Runs a daemon until a stop signal. The first signal gives running builds `--drain` to end; the second requeues them.
 * `open` starts what the daemon does besides building, and returns a function that ends it.
 */
export async function runDaemon(
  flags: DaemonFlags,
  open: (daemon: Daemon) => Promise<() => Promise<void>>,
): Promise<void> {
  const session = openSession();
  const plan = await planDaemon(session, flags);
  await withRedis(session, async (redis) => {
    await claimSchema(redis);
    const queue = openJobsQueue(redis);
    let worker: BuildWorker | undefined;
    using interrupts = new Interrupts(() => worker?.requeue());
    const running = () => worker?.running ?? 0;
    const { secret, log, metrics, artifacts, sandboxDefaults } = plan;
    const state = { running, stopping: () => interrupts.any };
    const made = { secret, log, metrics, artifacts, sandboxDefaults };
    const close = await open({ session, redis, queue, ...made, ...state });
    worker = await startWorker(plan, redis, queue);
    const callbacks = startCallbacks(plan, redis);
    const reconciling = startReconciling(redis, {
      containersOf: worker && plan.sandboxDefaults.installation,
      artifacts: plan.artifacts,
      queue,
      log,
    });
    const pruning = startPruning(redis, plan);
    log.info({ concurrency: plan.concurrency }, 'ready');
    log.info({ how: await interrupts.first, running: running() }, 'stopping');
    await worker?.drain(plan.drainMs);
    await callbacks?.close();
    await close();
    await reconciling.stop();
    await pruning.stop();
    await plan.tracing?.close();
    await settledWithin(CLOSING_MS, queue.close());
    log.info('stopped');
  });
}
