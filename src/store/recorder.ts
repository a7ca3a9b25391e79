// Keeps the record and the log of one running build in Redis, holds its lease, and listens for a cancel.
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import {
  type BuildingRecord,
  type End,
  type EndedRecord,
  endedRecord,
  type JobRecord,
  type Progress,
} from '../job/record.js';
import { toHash } from '../job/record-hash.js';
import { isFinal, type Step } from '../job/status.js';
import { BUILD_PATIENCE_MS, LEASE_MS, LEASE_RENEWAL_MS, OWNER_RETRY_MS } from '../settings/timing.js';
import { connectTwin } from './connect.js';
import { cancelChannel, logKey, transitionKeys } from './keys.js';
import { type LogStart, LogWriter } from './log-writer.js';
import { runScript } from './run-script.js';
import { REQUEUE, REQUEUE_LOST, WRITE } from './scripts.js';

export interface RecorderOptions {
  logLimit: number;
  retentionSeconds: number;
  /** Called when somebody asks for a cancel, with the reason in words. */
  onCancel: (why: string) => void;
  /** Called when the job has ended, or belongs to another runner by now: the result of this build does not count. */
  onLost: () => void;
  /** Where the log continues, for a second attempt. */
  from?: LogStart;
  /** How long to wait while Redis is away, for a job that another runner may claim. */
  patienceMs?: number;
}

/** The result of requeue(): done, the job is not ours any more, it has been lost too often, or the cancel that ends it instead. */
export type Requeued = 'ok' | 'stale' | 'ends' | { canceled: string };

export class Recorder {
  readonly #redis: Redis;
  readonly #id: JobId;
  #record: BuildingRecord | EndedRecord;
  readonly #log: LogWriter;
  readonly #options: RecorderOptions;
  readonly #renewal: NodeJS.Timeout;
  #subscriber: Redis | undefined;
  #closed = false;

  /** `record` is the record that was claimed. */
  constructor(redis: Redis, record: BuildingRecord, options: RecorderOptions) {
    this.#redis = redis;
    this.#id = { user: record.user, deployment: record.deployment };
    this.#record = { ...record };
    this.#options = options;
    this.#log = new LogWriter(redis, logKey(this.#id), {
      limit: options.logLimit,
      ttlSeconds: options.retentionSeconds,
      ...(options.from ? { from: options.from } : {}),
    });
    this.#renewal = setInterval(this.#renew, LEASE_RENEWAL_MS);
    redis.on('ready', this.#renew);
    void this.#listen();
  }

  /** The record as it stands. */
  get record(): Readonly<JobRecord> {
    return this.#record;
  }

  /** Logs output of a step, or what koalaci itself says in it. */
  log(step: Step | '', data: Buffer, options: { own?: boolean } = {}): void {
    this.#log.add(step, data, options);
  }

  /** Changes fields of the record. If Redis is away, it gets them when it is back. */
  update(progress: Progress): void {
    Object.assign(this.#record, progress);
    void this.#write(progress).catch(() => {});
  }

  /**
   * Writes the rest of the log, then the last fields, and ends the lease. Returns whether everything was recorded.
   */
  async finish(end: End): Promise<boolean> {
    if (this.#record.status === 'BUILDING') this.#record = endedRecord(this.#record, end);
    clearInterval(this.#renewal);
    const logged = await this.#close();
    const written = logged && (await this.#write(this.#record).catch(() => undefined));
    return typeof written === 'string' && written !== 'stale';
  }

  /**
   * Writes the rest of the log and puts the job back into its queue; one that has lost its container not for ever. Returns
   * undefined when Redis stays away.
   */
  async requeue({ isLost = false } = {}): Promise<Requeued | undefined> {
    clearInterval(this.#renewal);
    await this.#close();
    const keys = transitionKeys(this.#id);
    const script = isLost ? REQUEUE_LOST : REQUEUE;
    const answer = await runScript(this.#redis, script, keys, [this.#record.attempt]).catch(() => undefined);
    const why = canceled(answer);
    return why === undefined ? (answer as Exclude<Requeued, object> | undefined) : { canceled: why };
  }

  /** Whether the job still belongs to this attempt. If another attempt could have claimed it, Redis has to confirm it. */
  async isOurs(): Promise<boolean> {
    const { patienceMs } = this.#options;
    const deadline = performance.now() + (patienceMs ?? 0);
    for (;;) {
      const answer = await this.#write({}).catch(() => undefined);
      if (answer !== undefined) return answer !== 'stale';
      if (performance.now() >= deadline) return patienceMs === undefined;
      await delay(OWNER_RETRY_MS);
    }
  }

  async #close(): Promise<boolean> {
    const logged = await this.#log.close(this.#options.patienceMs ?? BUILD_PATIENCE_MS);
    this.#closed = true;
    this.#redis.off('ready', this.#renew);
    this.#subscriber?.disconnect();
    return logged;
  }

  /** The whole record, not a patch: a Redis that was restarted may have forgotten some of it. */
  #renew = () => {
    void this.#write(this.#record).catch(() => {});
  };

  async #write(patch: Progress | JobRecord): Promise<string> {
    const { attempt, status } = this.#record;
    const fields = Object.entries({ attempt, status, ...toHash(patch) }).flat();
    const last = isFinal(status);
    const head = [attempt, last ? 0 : LEASE_MS, this.#options.retentionSeconds, last ? status : ''];
    const answer = String(
      await runScript(this.#redis, WRITE, transitionKeys(this.#id), [...head, ...fields]),
    );
    const why = canceled(answer);
    if (why !== undefined && !this.#closed) this.#options.onCancel(why);
    if (answer === 'stale' && !this.#closed) this.#options.onLost();
    return answer;
  }

  async #listen(): Promise<void> {
    try {
      const subscriber = await connectTwin(this.#redis);
      if (this.#closed) return subscriber.disconnect();
      this.#subscriber = subscriber;
      subscriber.on('message', (_channel, why) => this.#options.onCancel(why));
      subscriber.on('ready', () => void this.#subscribe(subscriber));
      await this.#subscribe(subscriber);
    } catch {
      // The renewal of the lease sees a cancel too, a little later.
    }
  }

  async #subscribe(subscriber: Redis): Promise<void> {
    try {
      await subscriber.subscribe(cancelChannel(this.#id));
      // A cancel that came before is not published again.
      if (!this.#closed) this.#renew();
    } catch {
      // The connection is lost again; it comes back, or the renewal of the lease sees the cancel.
    }
  }
}

/** The reason of a cancel, when a script answers that one was requested. */
function canceled(answer: unknown): string | undefined {
  const [, why] = /^cancel:(.*)$/s.exec(String(answer)) ?? [];
  return why;
}
