// Writes a log to its stream as it comes: in order, each line once, through lost connections and restarts of Redis.
import type { Redis } from 'ioredis';
import { isDrawnOver, lastFrames } from '../job/last-frame.js';
import type { Step } from '../job/status.js';
import {
  type Chunk,
  countLines,
  HeadAndTail,
  piecesOf,
  splitAtLastLetter,
  splitAtLastLine,
} from './log-chunks.js';

const CHUNK_BYTES = 64 * 1024;
const CHUNK_MS = 200;
/** A line that is not finished after this long is written as far as it is: it may be a prompt, or a progress bar. */
const UNFINISHED_MS = 1_000;
const SMALLEST_CHUNK = 64;
const BATCH = 16;
/** Redis's append-only file may lose the last second ("everysec"): what was sent in this time can be sent again. */
const REMEMBER_MS = 5_000;
const NEWLINE = Buffer.from('\n');

/** Where a log continues that an earlier attempt of the job began. */
export interface LogStart {
  /** Chunks come after this sequence number, lines after this line. */
  seq: number;
  line: number;
  /** Whether its last line has no end. It gets one: what follows is not its rest. */
  isUnfinished: boolean;
  /** What the limit already counts. */
  kept: HeadAndTail;
}

export class LogWriter {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #ttlSeconds: number;
  readonly #kept: HeadAndTail;
  /** Most bytes of a chunk: a small part of the limit, so that the head is kept, however small that is. */
  readonly #most: number;
  #open: Buffer[] = [];
  #openBytes = 0;
  #openStep: Step | '' = '';
  /** Whether koalaci itself says it. */
  #openOwn = false;
  #openTime = 0;
  #openSince = 0;
  #timer: NodeJS.Timeout | undefined;
  #seq = 0;
  #line = 1;
  /** The highest sequence number that was ever given to Redis. */
  #handed = 0;
  #pending: Chunk[] = [];
  #recent: { chunk: Chunk; sentAt: number }[] = [];
  #toDelete: number[] = [];
  #pumping: Promise<void> | undefined;
  #dirty = false;

  constructor(redis: Redis, key: string, options: { limit: number; ttlSeconds: number; from?: LogStart }) {
    this.#redis = redis;
    this.#key = key;
    this.#ttlSeconds = options.ttlSeconds;
    this.#kept = options.from?.kept ?? new HeadAndTail(options.limit);
    this.#most = Math.min(4 * CHUNK_BYTES, Math.max(SMALLEST_CHUNK, Math.floor(options.limit / 8)));
    if (options.from) {
      this.#seq = this.#handed = options.from.seq;
      this.#line = options.from.line + 1;
      if (options.from.isUnfinished) this.add('', NEWLINE);
    }
    redis.on('ready', this.#onReady);
  }

  /** Adds output of a step, or what koalaci itself says in it. Returns at once. */
  add(step: Step | '', data: Buffer, { own = false } = {}): void {
    if (step !== this.#openStep || own !== this.#openOwn) this.#cut(whole);
    if (this.#openBytes === 0) {
      this.#openStep = step;
      this.#openOwn = own;
      this.#noteOpen();
      this.#timer ??= setTimeout(this.#onTimer, CHUNK_MS);
    }
    this.#open.push(data);
    this.#openBytes += data.length;
    if (this.#openBytes >= CHUNK_BYTES)
      this.#cut(this.#openBytes >= 4 * CHUNK_BYTES ? splitAtLastLetter : splitAtLastLine);
  }

  /** Writes the rest. Waits at most `patienceMs` while Redis is away. Returns whether everything was written. */
  async close(patienceMs: number): Promise<boolean> {
    this.#cut(whole);
    const deadline = performance.now() + patienceMs;
    while (this.#unwritten() && performance.now() < deadline) {
      await this.#pump();
      if (this.#unwritten()) await nextChance(this.#redis, deadline);
    }
    this.#redis.off('ready', this.#onReady);
    return !this.#unwritten();
  }

  #unwritten(): boolean {
    return this.#pending.length > 0 || this.#toDelete.length > 0 || this.#dirty;
  }

  #onTimer = () => {
    const isOld = performance.now() - this.#openSince >= UNFINISHED_MS;
    this.#cut(isOld && !this.#isProgress() ? splitAtLastLetter : splitAtLastLine);
  };

  /** Makes a chunk of what `split` takes of the output so far. */
  #cut(split: (data: Buffer) => [taken: Buffer, rest: Buffer]): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#openBytes === 0) return;
    const [taken, rest] = split(lastFrames(Buffer.concat(this.#open)));
    this.#open = rest.length > 0 ? [rest] : [];
    this.#openBytes = rest.length;
    if (rest.length > 0) this.#timer = setTimeout(this.#onTimer, CHUNK_MS);
    if (taken.length === 0) return;
    for (const piece of piecesOf(taken, this.#most)) this.#enqueue(piece);
    this.#noteOpen();
  }

  /** Whether the line that has no end yet is a progress bar: of that, only the last frame is kept. */
  #isProgress(): boolean {
    return isDrawnOver(splitAtLastLine(Buffer.concat(this.#open))[1]);
  }

  /** The time of the next chunk: for its readers, and to know how long it has been open. */
  #noteOpen(): void {
    this.#openTime = Date.now();
    this.#openSince = performance.now();
  }

  #enqueue(data: Buffer): void {
    const own = this.#openOwn ? { own: true } : {};
    const about = { time: this.#openTime, step: this.#openStep, line: this.#line, ...own };
    const chunk: Chunk = { seq: ++this.#seq, ...about, data };
    this.#line += countLines(data);
    this.#pending.push(chunk);
    const dropped = this.#kept.add(chunk.seq, data.length);
    if (dropped.length > 0) {
      // Chunks that were sent, or are on their way, may be in the stream.
      this.#toDelete.push(...dropped.filter((seq) => seq <= this.#handed));
      this.#pending = this.#pending.filter(({ seq }) => !dropped.includes(seq));
    }
    void this.#pump();
  }

  #onReady = () => {
    this.#dirty = true;
    void this.#pump();
  };

  #pump(): Promise<void> {
    this.#pumping ??= this.#send().finally(() => {
      this.#pumping = undefined;
    });
    return this.#pumping;
  }

  async #send(): Promise<void> {
    try {
      while (this.#unwritten() && this.#redis.status === 'ready') {
        if (this.#dirty) await this.#recover();
        else await this.#sendBatch();
      }
    } catch {
      // The connection is lost. What was not acknowledged is still pending, and "ready" starts the pump again.
      this.#dirty = true;
    }
  }

  /** After a reconnect: sends again what was sent before and is not in the stream. */
  async #recover(): Promise<void> {
    this.#dirty = false;
    const [last] = await this.#redis.xrevrange(this.#key, '+', '-', 'COUNT', 1);
    const reached = last ? Number(last[0].split('-')[0]) : 0;
    const lost = this.#recent.map(({ chunk }) => chunk).filter(({ seq }) => seq > reached);
    this.#recent = this.#recent.filter(({ chunk }) => chunk.seq <= reached);
    this.#pending = [...lost, ...this.#pending.filter(({ seq }) => seq > reached)];
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#pending.slice(0, BATCH);
    this.#handed = Math.max(this.#handed, batch.at(-1)?.seq ?? 0);
    const deletions = this.#toDelete.slice();
    const pipeline = this.#redis.pipeline();
    for (const { seq, time, step, line, own, data } of batch) {
      const mark = own ? ['o', '1'] : [];
      pipeline.xadd(this.#key, `${seq}-0`, 't', time, 's', step, 'n', line, ...mark, 'd', data);
    }
    if (deletions.length > 0) pipeline.xdel(this.#key, ...deletions.map((seq) => `${seq}-0`));
    pipeline.expire(this.#key, this.#ttlSeconds);
    for (const [error] of (await pipeline.exec()) ?? []) {
      // An id that is there already was written before, and only the answer was lost.
      if (error && !/equal or smaller/.test(error.message)) throw error;
    }
    const sentAt = performance.now();
    const sent = new Set(batch.map(({ seq }) => seq));
    this.#pending = this.#pending.filter(({ seq }) => !sent.has(seq));
    this.#toDelete = this.#toDelete.slice(deletions.length);
    const fresh = batch.map((chunk) => ({ chunk, sentAt }));
    this.#recent = [
      ...this.#recent.filter((sentChunk) => sentChunk.sentAt > sentAt - REMEMBER_MS),
      ...fresh,
    ].slice(-256);
  }
}

/** Takes all, also an unfinished line: the step has ended. */
function whole(data: Buffer): [taken: Buffer, rest: Buffer] {
  return [data, data.subarray(data.length)];
}

/** Waits until Redis is ready again, at most until the deadline. If it is ready, and only a command failed, waits a moment. */
async function nextChance(redis: Redis, deadline: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const ms = redis.status === 'ready' ? 100 : Math.max(0, deadline - performance.now());
    const timer = setTimeout(done, Math.min(ms, Math.max(0, deadline - performance.now())));
    redis.once('ready', done);
    function done() {
      clearTimeout(timer);
      redis.off('ready', done);
      resolve();
    }
  });
}
