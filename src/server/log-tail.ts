// The end of one log while it is written. Keeps the newest chunks for followers that are up to date, and reads older
// ones from Redis for the others.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { isFinal } from '../job/status.js';
import { load } from '../store/jobs.js';
import { logKey } from '../store/keys.js';
import type { Chunk } from '../store/log-chunks.js';
import { type Entry, toChunk } from '../store/log-reader.js';

/** How many chunks of a log are kept, once for all its followers. Most chunks have 64 KiB. */
const KEPT = 16;
/** How many chunks a follower that is behind reads at a time. */
const BEHIND = 4;
/** A writer keeps the lines of a step that has ended back for less than this. */
const SETTLED_MS = 500;

export class LogTail {
  readonly id: JobId;
  readonly #redis: Redis;
  #recent: Chunk[] = [];
  /** The position after which `#recent` is complete. */
  #since: number | undefined;
  #reached = 0;
  #record: JobRecord;
  #ending = false;
  #replaced = false;
  #over = false;
  #settled = false;
  #news = 0;
  #newsAt = performance.now();
  #waiting = new Set<() => void>();
  #reading = new Map<number, Promise<Chunk[]>>();

  /** `record`: the deployment whose log it is. */
  constructor(redis: Redis, record: JobRecord) {
    this.#redis = redis;
    this.#record = record;
    this.id = { user: record.user, deployment: record.deployment };
  }

  /** When the deployment was created. One that is created again under this id has another log. */
  get createdAt(): number {
    return this.#record.createdAt;
  }

  /** Whether the deployment was created again, so that nothing is left of this log. */
  get isReplaced(): boolean {
    return this.#replaced;
  }

  /** Lets the followers go: the deployment was created again. */
  replace(): void {
    this.#replaced = true;
    this.#wake();
  }

  /** The position up to which the log was read. */
  get reached(): number {
    return this.#reached;
  }

  /** The final record, once the whole log was read. */
  get ended(): JobRecord | undefined {
    return this.#over ? this.#record : undefined;
  }

  /** The record as it was last read. */
  get record(): JobRecord {
    return this.#record;
  }

  /** Whether all lines have been read that were written before this record. */
  get isSettled(): boolean {
    return this.#settled;
  }

  /** How often there was something new in the record. */
  get news(): number {
    return this.#news;
  }

  /** Whether the job has ended and only the rest of its log is missing. */
  get isEnding(): boolean {
    return this.#ending;
  }

  /** Reads the job's record and, the first time, the position of the newest entry. */
  async look(): Promise<void> {
    if (this.#since === undefined) {
      const [last] = await this.#redis.xrevrange(logKey(this.id), '+', '-', 'COUNT', 1);
      this.#since = this.#reached = last ? Number(last[0].split('-')[0]) : 0;
    }
    const record = await load(this.#redis, this.id).catch(() => this.#record);
    if (record.createdAt !== this.createdAt) return this.replace();
    const has = isNews(this.#record, record);
    this.#record = record;
    this.#ending = isFinal(record.status);
    if (has) this.#noteNews();
  }

  #noteNews(): void {
    this.#newsAt = performance.now();
    this.#settled = false;
    this.#news++;
    this.#wake();
  }

  /** Adds the entries read after `reached`. If there are none and the job has ended, the log is whole. */
  append(entries: Entry[]): void {
    const chunks = entries.map(toChunk);
    this.#reached = chunks.at(-1)?.seq ?? this.#reached;
    this.#recent.push(...chunks);
    while (this.#recent.length > KEPT) this.#since = this.#recent.shift()?.seq ?? this.#since;
    if (this.#ending && chunks.length === 0) this.#over = true;
    const isSettled = this.#over || performance.now() - this.#newsAt > SETTLED_MS;
    if (chunks.length === 0 && isSettled && !this.#settled) {
      this.#settled = true;
      this.#news++;
    } else if (chunks.length === 0 && !this.#over) return;
    this.#wake();
  }

  /** The chunks after a position; empty if there are none yet. */
  async read(after: number): Promise<Chunk[]> {
    if (this.#since !== undefined && after >= this.#since)
      return this.#recent.filter(({ seq }) => seq > after);
    const reading = this.#reading.get(after) ?? this.#readBehind(after);
    this.#reading.set(after, reading);
    return reading.finally(() => this.#reading.delete(after));
  }

  /** Returns when there are chunks after `after`, or more news than `news`, the log is whole, or the signal aborts. */
  async more({ after, news }: { after: number; news: number }, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#reached > after || this.#news > news || this.#over || this.#replaced) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Reads older chunks from Redis; followers at the same position share one read. */
  async #readBehind(after: number): Promise<Chunk[]> {
    const entries = await this.#redis.xrangeBuffer(logKey(this.id), `(${after}-0`, '+', 'COUNT', BEHIND);
    return entries.map((entry) => toChunk(entry as Entry));
  }
}

/** Whether a record says something else of status and steps than the one before. */
function isNews(before: JobRecord, now: JobRecord): boolean {
  const shown = ({ status, attempt, steps, waitsFor }: RecordFields) =>
    JSON.stringify([status, attempt, steps, waitsFor]);
  return shown(before) !== shown(now);
}
