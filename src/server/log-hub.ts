// Reads each followed log once for all its followers. One connection waits for new entries of all these logs.
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { formatJobId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';
import { connectTwin } from '../store/connect.js';
import { logKey } from '../store/keys.js';
import type { Entry } from '../store/log-reader.js';
import { LogTail } from './log-tail.js';

const BLOCK_MS = 1_000;
/** Not 0, which tells Redis to block for ever. */
const AT_ONCE_MS = 1;
const COUNT = 16;

export class LogHub {
  readonly #redis: Redis;
  readonly #tails = new Map<string, { tail: LogTail; followers: number }>();
  #reader: Redis | undefined;
  /** The id of the reader's connection. Asked for before it blocks: later, the answer would wait until the block ends. */
  #id: number | undefined;
  #loop: Promise<void> | undefined;
  #closed = false;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** The tail of a deployment's log, shared by all its followers. Call leave() when done. */
  async join(record: JobRecord): Promise<LogTail> {
    const key = formatJobId(record);
    const known = this.#tails.get(key);
    if (known?.tail.createdAt === record.createdAt) {
      known.followers++;
      return known.tail;
    }
    known?.tail.replace();
    const tail = new LogTail(this.#redis, record);
    this.#tails.set(key, { tail, followers: 1 });
    this.#loop ??= this.#run();
    // The reader waits for the logs that it knew before: wake it to include this one.
    await this.#wake().catch(() => {});
    return tail;
  }

  leave(tail: LogTail): void {
    const key = formatJobId(tail.id);
    const known = this.#tails.get(key);
    if (known?.tail === tail && --known.followers === 0) this.#tails.delete(key);
  }

  #forget(tail: LogTail): void {
    const key = formatJobId(tail.id);
    if (this.#tails.get(key)?.tail === tail) this.#tails.delete(key);
  }

  /** Stops reading. The followers stop by their own signals. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#reader?.disconnect();
    await this.#loop;
  }

  async #wake(): Promise<void> {
    if (this.#id !== undefined) await this.#redis.client('UNBLOCK', this.#id);
  }

  async #run(): Promise<void> {
    while (this.#tails.size > 0 && !this.#closed) {
      try {
        await this.#round(await this.#open());
      } catch {
        // Redis is away: connect again, while the followers wait.
        this.#reader?.disconnect();
        this.#reader = undefined;
        await delay(BLOCK_MS / 2);
      }
    }
    this.#reader?.disconnect();
    this.#reader = this.#loop = undefined;
    // A follower joined while the loop was ending.
    if (this.#tails.size > 0 && !this.#closed) this.#loop = this.#run();
  }

  async #open(): Promise<Redis> {
    if (!this.#reader) {
      this.#reader = await connectTwin(this.#redis);
      // The next connection has another id.
      this.#reader.on('close', () => {
        this.#id = undefined;
      });
    }
    this.#id ??= await this.#reader.client('ID');
    return this.#reader;
  }

  async #round(reader: Redis): Promise<void> {
    const tails = [...this.#tails.values()].map(({ tail }) => tail);
    // Look before reading: an ended log does not grow, so the read below misses nothing.
    await Promise.all(tails.map((tail) => tail.look()));
    const keys = tails.map(({ id }) => logKey(id));
    const from = tails.map((tail) => `${tail.reached}-0`);
    const block = tails.some((tail) => tail.isEnding) ? AT_ONCE_MS : BLOCK_MS;
    const answer = await reader.xreadBuffer('COUNT', COUNT, 'BLOCK', block, 'STREAMS', ...keys, ...from);
    const news = new Map(
      ((answer ?? []) as [Buffer, Entry[]][]).map(([key, entries]) => [key.toString(), entries]),
    );
    for (const [index, tail] of tails.entries()) {
      tail.append(news.get(keys[index] ?? '') ?? []);
      // Its followers need no more entries. A later follower may mean a new job with the same id: it gets its own tail.
      if (tail.ended || tail.isReplaced) this.#forget(tail);
    }
  }
}
