// Keeps the record and the log of one running build in Redis, holds its lease, and listens for a cancel.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { type JobRecord, toHash } from '../job/record.js';
import type { Step } from '../job/status.js';
import { connectTwin } from './connect.js';
import { LEASE_MS } from './jobs.js';
import { cancelChannel, jobKey, leaseKey, logKey } from './keys.js';
import { LogWriter } from './log-writer.js';
import { WRITE } from './scripts.js';

/** How long a build that has ended waits for a Redis that is away. */
const PATIENCE_MS = 15_000;

export interface RecorderOptions {
  logLimit: number;
  retentionSeconds: number;
  /** Called once, when somebody asks for a cancel. */
  onCancel: () => void;
}

export class Recorder {
  readonly #redis: Redis;
  readonly #id: JobId;
  readonly #record: JobRecord;
  readonly #log: LogWriter;
  readonly #options: RecorderOptions;
  readonly #renewal: NodeJS.Timeout;
  #subscriber: Redis | undefined;
  #closed = false;

  /** `record` is as it was claimed. */
  constructor(redis: Redis, record: JobRecord, options: RecorderOptions) {
    this.#redis = redis;
    this.#id = { user: record.user, deployment: record.deployment };
    this.#record = { ...record };
    this.#options = options;
    this.#log = new LogWriter(redis, logKey(this.#id), {
      limit: options.logLimit,
      ttlSeconds: options.retentionSeconds,
    });
    this.#renewal = setInterval(this.#renew, LEASE_MS / 3);
    redis.on('ready', this.#renew);
    void this.#listen();
  }

  /** The record as it stands. */
  get record(): Readonly<JobRecord> {
    return this.#record;
  }

  log(step: Step | '', data: Buffer): void {
    this.#log.add(step, data);
  }

  /** Changes fields of the record; a Redis that is away gets them when it is back. */
  update(patch: Partial<JobRecord>): void {
    Object.assign(this.#record, patch);
    void this.#write(patch).catch(() => {});
  }

  /**
   * Writes the rest of the log, then the last fields, and lets go of the lease.
   * Returns whether everything was recorded.
   */
  async finish(patch: Partial<JobRecord>): Promise<boolean> {
    Object.assign(this.#record, patch);
    clearInterval(this.#renewal);
    const logged = await this.#log.close(PATIENCE_MS);
    this.#closed = true;
    this.#redis.off('ready', this.#renew);
    this.#subscriber?.disconnect();
    const written = logged && (await this.#write(this.#record).catch(() => undefined));
    return written === 'ok' || written === 'cancel';
  }

  /** The whole record, not a patch: a Redis that was restarted may have forgotten some of it. */
  #renew = () => {
    void this.#write(this.#record).catch(() => {});
  };

  async #write(patch: Partial<JobRecord>): Promise<string> {
    const fields = Object.entries({ run: this.#record.run, ...toHash(patch) }).flat();
    const lease = this.#record.endedAt ? 0 : LEASE_MS;
    const head = [this.#record.run, lease, this.#options.retentionSeconds];
    const answer = String(
      await this.#redis.eval(WRITE, 2, jobKey(this.#id), leaseKey(this.#id), ...head, ...fields),
    );
    if (answer === 'cancel' && !this.#closed) this.#options.onCancel();
    return answer;
  }

  async #listen(): Promise<void> {
    try {
      const subscriber = await connectTwin(this.#redis);
      if (this.#closed) return subscriber.disconnect();
      this.#subscriber = subscriber;
      subscriber.on('message', () => this.#options.onCancel());
      await subscriber.subscribe(cancelChannel(this.#id));
    } catch {
      // The lease's renewal sees a cancel too, only later.
    }
  }
}
