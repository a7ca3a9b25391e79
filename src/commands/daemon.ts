// What `serve` and `worker` have in common: a queue, builds on this box, sweeping, and an orderly stop.
import { availableParallelism } from 'node:os';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { Callbacks } from '../callbacks/callbacks.js';
import { readLimits } from '../job/limits.js';
import { parseCount, parseDuration } from '../job/quantity.js';
import { type JobsQueue, openJobsQueue } from '../queue/jobs-queue.js';
import { keepReconciled, reapBox, reconcileRecords } from '../queue/reconcile.js';
import { BuildWorker } from '../queue/worker.js';
import { CLOSING_MS, settledWithin } from '../store/settled-within.js';
import { BuildTelemetry, openLogger } from '../telemetry/build-telemetry.js';
import { Metrics } from '../telemetry/metrics.js';
import { prepareDirectory } from '../upload/directory.js';
import { onInterrupt } from './interrupt.js';
import {
  allowLocal,
  artifactsAtHome,
  buildSettings,
  callbackSecret,
  sandboxDefaults,
  secret,
  withRedis,
} from './session.js';

export interface DaemonFlags {
  concurrency?: string;
  drain: string;
}

export interface Daemon {
  redis: Redis;
  queue: JobsQueue;
  log: Logger;
  metrics: Metrics;
  secret: string;
  /** Builds that run here. */
  running: () => number;
  /** Whether it has been told to stop. */
  stopping: () => boolean;
}

/** How long a build that has ended waits for a Redis that is away. */
const PATIENCE_MS = 120_000;

/**
 * Runs a daemon until it is told to stop; the first signal lets builds end within `--drain`, the second does not.
 * `open` is what it does besides building, and returns how that is closed.
 */
export async function runDaemon(
  flags: DaemonFlags,
  open: (daemon: Daemon) => Promise<() => Promise<void>>,
): Promise<void> {
  const settings = await readSettings(flags);
  const { log, metrics } = settings;
  await withRedis(async (redis) => {
    const queue = openJobsQueue(redis);
    let worker: BuildWorker | undefined;
    const interrupts = new Interrupts(() => worker?.requeue());
    using _ = onInterrupt((how) => interrupts.note(how));
    const running = () => worker?.running ?? 0;
    const stopping = () => interrupts.count > 0;
    const close = await open({ redis, queue, log, metrics, secret: settings.secret, running, stopping });
    if (settings.concurrency > 0) {
      // What a dead worker of this box left goes first, or for a while more would run here than the limit.
      await reapBox(redis).catch((error: unknown) => log.warn({ err: error }, 'reap'));
      await reconcileRecords(redis).catch((error: unknown) => log.warn({ err: error }, 'reap'));
      worker = startWorker(redis, queue, settings);
    }
    const callbacks = startCallbacks(redis, settings);
    const stop = new AbortController();
    const sweeping = keepReconciled(redis, { containers: worker !== undefined, signal: stop.signal, log });
    log.info({ concurrency: settings.concurrency }, 'ready');
    log.info({ how: await interrupts.first, running: running() }, 'stopping');
    await worker?.drain(settings.drainMs);
    await callbacks?.close();
    await close();
    stop.abort();
    await sweeping;
    await settledWithin(CLOSING_MS, queue.close());
    log.info('stopped');
  });
}

type Settings = Awaited<ReturnType<typeof readSettings>>;

async function readSettings(flags: DaemonFlags) {
  const concurrency =
    flags.concurrency === '0'
      ? 0
      : parseCount('--concurrency', flags.concurrency ?? String(availableParallelism()));
  const users = process.env.KOALACI_USER_CONCURRENCY;
  const artifacts = artifactsAtHome();
  const limits = readLimits(process.env);
  if (concurrency > 0) prepareDirectory(artifacts.directory);
  return {
    concurrency,
    userConcurrency: users ? parseCount('KOALACI_USER_CONCURRENCY', users) : Math.max(1, concurrency),
    drainMs: parseDuration('--drain', flags.drain),
    secret: secret(),
    log: openLogger(process.env.KOALACI_LOG),
    metrics: new Metrics(),
    artifacts,
    limits,
    sandboxDefaults: await sandboxDefaults(limits),
  };
}

function startWorker(redis: Redis, queue: JobsQueue, settings: Settings): BuildWorker {
  const { concurrency, userConcurrency, log, metrics, limits, artifacts } = settings;
  return new BuildWorker({
    redis,
    queue,
    concurrency,
    userConcurrency,
    log,
    context: {
      settings: { redis, limits, artifacts, ...buildSettings(), patienceMs: PATIENCE_MS },
      sandboxDefaults: settings.sandboxDefaults,
      secret: settings.secret,
      allowLocal: allowLocal(),
      watch: (record) => new BuildTelemetry(record, log, metrics),
    },
  });
}

/** Where callbacks can be signed, this process sends some. */
function startCallbacks(redis: Redis, { secret, log, metrics }: Settings): Callbacks | undefined {
  const signingSecret = callbackSecret();
  if (!signingSecret) return undefined;
  const allowPrivate = process.env.KOALACI_CALLBACK_ALLOW_PRIVATE === '1';
  const onOutcome = (outcome: string) => metrics.count('koalaci_callbacks_total', { outcome });
  return new Callbacks({ redis, secret, signingSecret, allowPrivate, log, onOutcome });
}

/** The first signal is waited for; every later one is a wish to be quick. */
class Interrupts {
  readonly first: Promise<string>;
  #resolve: (how: string) => void = () => {};
  readonly #hurry: () => void;
  count = 0;

  constructor(hurry: () => void) {
    this.#hurry = hurry;
    this.first = new Promise((done) => {
      this.#resolve = done;
    });
  }

  note(how: string): void {
    this.count++;
    if (this.count === 1) this.#resolve(how);
    else this.#hurry();
  }
}
