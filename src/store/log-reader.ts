// Reads a log: to its present end, or following it while it is written.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { isFinal, type Step } from '../job/status.js';
import { connectTwin } from './connect.js';
import { load } from './jobs.js';
import { logKey } from './keys.js';
import { ATTEMPT_SEQUENCES, type Chunk, countLines, endsLine } from './log-chunks.js';

/** A place where something was left out because the log exceeds its limit. */
export interface Cut {
  kind: 'cut';
  /** How many lines are missing; 0 if it is less than one, or not known. */
  lines: number;
  /** Whether the line before has no end. */
  inLine: boolean;
}

/** Lines of a log, the last one maybe without its end, or a place where some were left out. */
export type LogPart =
  | { kind: 'lines'; seq: number; time: number; step: Step | ''; line: number; own?: boolean; data: Buffer }
  | Cut;

/** The bytes that a reader is shown for a part: the lines, or a line that says how many are missing. */
export function partBytes(part: LogPart): Buffer {
  if (part.kind === 'lines') return part.data;
  return Buffer.from(`${part.inLine ? '\n' : ''}${cutLine(part.lines)}`);
}

/** The line that stands for lines that are left out. */
export function cutLine(lines: number): string {
  const what =
    lines === 0 ? 'a part is' : lines === 1 ? '1 line is' : `${lines.toLocaleString('en')} lines are`;
  return `… ${what} left out here: the log exceeds its limit (KOALACI_LOG_LIMIT) …\n`;
}

const BATCH = 64;
const BLOCK_MS = 1_000;

/**
 * Reads the parts of a log after sequence number `after` (0: from the start). Holds as many chunks as it reads at a time, of
 * 64 KiB where there is much output, until it is asked for more: one at first, since many want only the first lines.
 */
export async function* readLog(redis: Redis, id: JobId, after = 0, atATime = BATCH): AsyncGenerator<LogPart> {
  const gaps = new Gaps(after);
  for (let count = 1; ; count = Math.min(2 * count, atATime)) {
    const entries = await redis.xrangeBuffer(logKey(id), `(${after}-0`, '+', 'COUNT', count);
    if (entries.length === 0) return;
    for (const chunk of entries.map(toChunk)) {
      after = chunk.seq;
      yield* gaps.between(chunk);
    }
  }
}

/** Like readLog(), then goes on with what is added, until the deployment has ended, is created again, or the signal aborts. */
export async function* followLog(
  redis: Redis,
  id: JobId,
  signal: AbortSignal,
  after = 0,
): AsyncGenerator<LogPart> {
  const gaps = new Gaps(after);
  let createdAt: number | undefined;
  const reader = await connectTwin(redis);
  const stop = () => reader.disconnect();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      // Ask before reading: then everything that was written before the end is read.
      const record = await load(redis, id);
      createdAt ??= record.createdAt;
      if (record.createdAt !== createdAt) return;
      const ended = isFinal(record.status);
      const entries = await next(reader, logKey(id), after, ended);
      for (const chunk of entries.map(toChunk)) {
        after = chunk.seq;
        yield* gaps.between(chunk);
      }
      if (ended && entries.length === 0) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    reader.disconnect();
  }
}

export type Entry = [id: Buffer, fields: Buffer[]];

async function next(reader: Redis, key: string, after: number, ended: boolean): Promise<Entry[]> {
  if (ended) return reader.xrangeBuffer(key, `(${after}-0`, '+', 'COUNT', BATCH);
  const answer = await reader.xreadBuffer('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', key, `${after}-0`);
  return ((answer as [Buffer, Entry[]][] | null) ?? []).flatMap(([, entries]) => entries);
}

/** Finds the places where something is missing between two chunks, or before the first one. */
export class Gaps {
  #seq: number;
  #line: number | undefined;
  #inLine = false;

  /** `after`: the sequence number that the first chunk comes after; 0 for the start of the log. */
  constructor(after = 0) {
    this.#seq = after;
    this.#line = after === 0 ? 1 : undefined;
  }

  /** The chunk as a part, with what is missing before it. */
  *between(chunk: Chunk): Generator<LogPart> {
    const cut = this.before(chunk);
    if (cut) yield cut;
    yield { kind: 'lines', ...chunk };
  }

  /** What is missing before the next chunk. */
  before({ seq, line, data }: Chunk): Cut | undefined {
    const lines = Math.max(0, line - (this.#line ?? line));
    // Chunks of one attempt follow each other. Of a long line, a chunk can be missing that ends no line.
    const skips = seq > this.#seq + 1 && attemptOf(seq) === attemptOf(this.#seq);
    const cut: Cut = { kind: 'cut', lines, inLine: this.#inLine };
    this.#seq = seq;
    this.#line = line + countLines(data);
    this.#inLine = !endsLine(data);
    return lines > 0 || skips ? cut : undefined;
  }
}

function attemptOf(seq: number): number {
  return Math.floor(seq / ATTEMPT_SEQUENCES);
}

/** An entry of the stream. */
export function toChunk([id, fields]: Entry): Chunk {
  const field = (name: string) => {
    const at = fields.findIndex((value, index) => index % 2 === 0 && value.toString() === name);
    return (at === -1 ? undefined : fields[at + 1]) ?? Buffer.alloc(0);
  };
  return {
    seq: Number(id.toString().split('-')[0]),
    time: Number(field('t').toString()),
    step: field('s').toString() as Step | '',
    line: Number(field('n').toString()),
    ...(field('o').length > 0 ? { own: true } : {}),
    data: field('d'),
  };
}
