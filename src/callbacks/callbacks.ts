// Calls back on every change of status. The scripts that change a status add it to a stream in the same step, so that
// none is lost. Here each change becomes a job in a queue of its own, which retries failed calls.
import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { KoalaError, messageOf } from '../job/errors.js';
import { settledWithin } from '../job/settled-within.js';
import { callbackKey } from '../outbound/signature.js';
import { KEEP_NOTHING } from '../queue/jobs-queue.js';
import { CLOSING_MS } from '../settings/timing.js';
import { type Change, ChangesReader } from '../store/changes.js';
import { patientTwin } from '../store/connect.js';
import { QUEUE_PREFIX } from '../store/keys.js';
import { unseal } from '../store/seal.js';
import { callbackBody, callOf } from './callback-body.js';
import { deliver } from './deliver.js';

const CALLBACKS = 'callbacks';
/** The pauses are 2 s, 4 s, 8 s, …, so the last try comes after about half an hour. */
const TRIES = 11;
const FIRST_PAUSE_MS = 2_000;
const AT_ONCE = 16;

interface Call {
  /** Sealed, because a URL may contain a token. */
  url: string;
  body: string;
}

export interface CallbackOptions {
  redis: Redis;
  /** Unseals the URLs. */
  secret: string;
  /** The calls are signed with keys that derive from it. */
  signingSecret: string;
  allowPrivate: boolean;
  log: Logger;
  /** The address of the service, if that is known: of what a callback names. */
  publicUrl?: string | undefined;
  /** `given_up`: after a `failed` one, it is not tried any more. */
  onOutcome: (outcome: 'ok' | 'failed' | 'given_up') => void;
}

/** Calls back until closed. Any number of processes may do this at once: only one of them sends each change. */
export class Callbacks {
  readonly #options: CallbackOptions;
  readonly #connection: Redis;
  readonly #queue: Queue<Call>;
  readonly #worker: Worker<Call>;
  readonly #changes: ChangesReader;
  readonly #reading: Promise<void>;

  constructor(options: CallbackOptions) {
    this.#options = options;
    this.#connection = patientTwin(options.redis);
    const shared = { connection: this.#connection, prefix: QUEUE_PREFIX };
    this.#queue = new Queue(CALLBACKS, shared);
    this.#worker = new Worker(CALLBACKS, ({ data }) => this.#call(data), { ...shared, concurrency: AT_ONCE });
    const onError = (error: Error) => options.log.warn({ err: error }, 'callbacks');
    this.#queue.on('error', onError);
    this.#worker.on('error', onError);
    this.#worker.on('failed', (call, error) => this.#noteFailure(call, error));
    this.#changes = new ChangesReader(options.redis);
    this.#reading = this.#changes.each((change) => this.#enqueue(change));
  }

  async close(): Promise<void> {
    this.#changes.close();
    await settledWithin(CLOSING_MS, this.#reading);
    await settledWithin(CLOSING_MS, this.#worker.close());
    await settledWithin(CLOSING_MS, this.#queue.close());
    this.#connection.disconnect();
  }

  /** Adds a call under the change's id, so that a change read twice is sent once. */
  async #enqueue(change: Change): Promise<void> {
    await this.#queue.add(
      'call',
      { url: change.callback, body: callbackBody(change, this.#options.publicUrl) },
      {
        jobId: `call-${change.id}`,
        attempts: TRIES,
        backoff: { type: 'exponential', delay: FIRST_PAUSE_MS, jitter: 0.5 },
        ...KEEP_NOTHING,
      },
    );
  }

  #noteFailure(call: Job<Call> | undefined, error: Error): void {
    const { log, onOutcome } = this.#options;
    const tries = call?.attemptsMade ?? 0;
    const facts = { ...(call ? callOf(call.data.body) : {}), tries, error: messageOf(error) };
    if (error instanceof UnrecoverableError || tries >= TRIES) {
      onOutcome('given_up');
      log.error(facts, 'callback given up');
    } else log.warn(facts, 'callback failed');
  }

  async #call({ url, body }: Call): Promise<void> {
    const { secret, signingSecret, allowPrivate, onOutcome } = this.#options;
    try {
      const address = String(unseal(url, secret, 'callback'));
      const { id, user } = callOf(body);
      const key = callbackKey(signingSecret, user);
      await deliver({ url: address, id, body, key, allowPrivate });
      onOutcome('ok');
    } catch (error) {
      onOutcome('failed');
      // A refused address stays refused: do not retry.
      const isFinal = error instanceof KoalaError && error.kind === 'bad_input';
      throw isFinal ? new UnrecoverableError(error.message) : error;
    }
  }
}
