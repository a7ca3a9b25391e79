// Takes jobs from the queue and builds them, no more at once than the settings allow. Requeues them when it stops.
import { DelayedError, type Job as Entry, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { EngineError } from '../docker/errors.js';
import { KoalaError } from '../job/errors.js';
import type { JobId } from '../job/identity.js';
import { settledWithin } from '../job/settled-within.js';
import {
  CLOSING_MS,
  LATER_RETRY_MS,
  MOST_STALLS,
  PARKED_RETRY_MS,
  QUEUE_LOCK_MS,
  QUEUE_LOCK_RENEWAL_MS,
  REQUEUE_MS,
  STALLED_CHECK_MS,
} from '../settings/timing.js';
import { patientTwin, untilConnected } from '../store/connect.js';
import { QUEUE_PREFIX } from '../store/keys.js';
import { lossesInCompany, noteCompany, noteWaiting } from '../store/queued.js';
import { acquireSlot, holdSlot, releaseSlot } from '../store/slots.js';
import { buildQueued, type Fate, type WorkerContext } from './build-queued.js';
import { Company, LOSSES_UNTIL_ALONE } from './company.js';
import { JOBS, type JobsQueue, type QueuedJob } from './jobs-queue.js';
import { Places } from './places.js';

export interface WorkerOptions {
  redis: Redis;
  queue: JobsQueue;
  /** The most builds at once on this machine, those included that are being saved; and of one user on all machines together. */
  concurrency: number;
  userConcurrency: number;
  context: WorkerContext;
  log: Logger;
}

export class BuildWorker {
  readonly #options: WorkerOptions;
  readonly #connection: Redis;
  readonly #worker: Worker<QueuedJob>;
  readonly #stop = new AbortController();
  readonly #draining = new AbortController();
  readonly #company = new Company();
  readonly #places: Places;

  /** Starts to take jobs. */
  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#places = new Places({
      most: options.concurrency,
      onStop: ({ container }) => options.log.warn({ container }, 'work after READY ended before it was done'),
    });
    this.#connection = patientTwin(options.redis);
    this.#worker = new Worker<QueuedJob>(JOBS, (entry, token) => this.#process(entry, token ?? ''), {
      connection: this.#connection,
      prefix: QUEUE_PREFIX,
      concurrency: options.concurrency,
      lockDuration: QUEUE_LOCK_MS,
      lockRenewTime: QUEUE_LOCK_RENEWAL_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MOST_STALLS,
      runRetryDelay: 1_000,
    });
    this.#worker.on('error', (error) => options.log.warn({ err: error }, 'queue'));
    this.#worker.on('failed', (entry, error) => {
      const { user, deployment } = entry?.data ?? {};
      options.log.error({ user, deployment, err: error }, 'job failed');
    });
  }

  /** The number of builds that run now. */
  get running(): number {
    return this.#company.present.size;
  }

  /**
   * Takes no new jobs, gives the running ones `graceMs` to end, and then requeues them. When Redis is away it cannot: then
   * their locks expire, and another worker gets them. Then no work after READY is left either.
   */
  async drain(graceMs: number): Promise<void> {
    this.#draining.abort();
    const timer = setTimeout(() => this.requeue(), graceMs);
    if (!(await settledWithin(graceMs + REQUEUE_MS, this.#worker.close())))
      await settledWithin(CLOSING_MS, this.#worker.close(true));
    clearTimeout(timer);
    this.#connection.disconnect();
    await this.#places.close(this.#stop.signal);
  }

  /** Requeues the running builds at once, and leaves no time to the work after READY. */
  requeue(): void {
    this.#stop.abort();
  }

  async #process(entry: Entry<QueuedJob>, token: string): Promise<void> {
    const fate = this.#draining.signal.aborted ? 'again' : await this.#tryToBuild(entry);
    if (fate === 'again') {
      await entry.moveToWait(token);
      throw new WaitingError();
    }
    if (fate !== 'over') {
      await entry.moveToDelayed(Date.now() + (fate === 'parked' ? PARKED_RETRY_MS : LATER_RETRY_MS), token);
      throw new DelayedError();
    }
  }

  /** An error that reached BullMQ would remove the entry from the queue, so every error here only puts the job off. */
  async #tryToBuild(entry: Entry<QueuedJob>): Promise<Fate | 'parked'> {
    try {
      return await this.#withSlot(entry);
    } catch (error) {
      // The engine or Redis does not answer here, or there is no room; another machine may have better luck.
      const { user, deployment } = entry.data;
      const { log, redis } = this.#options;
      log.error({ user, deployment, err: error }, 'job put off');
      await noteWaiting(redis, entry.data, entry.id ?? '', whyPutOff(error)).catch(() => {});
      return 'later';
    }
  }

  async #withSlot(entry: Entry<QueuedJob>): Promise<Fate | 'parked'> {
    const { redis, userConcurrency, context } = this.#options;
    const { user, createdAt, running = userConcurrency } = entry.data;
    const job = { queueJobId: entry.id ?? '', createdAt };
    // The queue has a connection of its own, which may be back first: it would hand out all jobs, only to have them put off.
    await untilConnected(redis, LATER_RETRY_MS);
    if (!(await acquireSlot(redis, user, job, running))) return 'parked';
    using _ = holdSlot(redis, user, job);
    try {
      using place = await this.#places.take(this.#draining.signal);
      if (!place) return 'again';
      const turn = { stop: this.#stop.signal, place };
      return await this.#inCompany(entry.data, () => buildQueued(job.queueJobId, entry.data, context, turn));
    } finally {
      await this.#next(entry.data, job.queueJobId).catch(() => {});
    }
  }

  /** Builds a job beside others, or alone if it has to be. */
  async #inCompany(id: JobId, build: () => Promise<Fate>): Promise<Fate> {
    const { redis } = this.#options;
    const alone = (await lossesInCompany(redis, id)) >= LOSSES_UNTIL_ALONE;
    if (!this.#company.enter(id, { alone, now: performance.now() })) return 'later';
    const { present } = this.#company;
    const others = present.size > 1 ? present : [id];
    // If Redis is away now, the job is put off, or a loss is counted.
    for (const one of others) void noteCompany(redis, one, present.size > 1).catch(() => {});
    try {
      return await build();
    } finally {
      this.#company.leave(id);
    }
  }

  /** Frees the slot and promotes the job that has waited longest for one. */
  async #next({ user }: QueuedJob, queueJobId: string): Promise<void> {
    const { redis, queue } = this.#options;
    let next = await releaseSlot(redis, user, queueJobId);
    while (next && !(await promote(queue, next))) next = await releaseSlot(redis, user, queueJobId);
  }
}

/** What the job's user hears. The engine's own words, and those of a bug, are the operator's. */
function whyPutOff(error: unknown): string {
  const isTold = error instanceof KoalaError && !(error instanceof EngineError);
  return isTold ? error.message : 'the machine whose turn it was cannot build now';
}

/** Moves a parked job to the waiting ones. Returns false when it has ended meanwhile or is not parked yet. */
async function promote(queue: JobsQueue, queueJobId: string): Promise<boolean> {
  const entry = await queue.getJob(queueJobId);
  if (!entry) return false;
  return entry.promote().then(
    () => true,
    () => false,
  );
}
