// Reads a log: to its present end, or following it while it is written.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { isFinal, type Step } from '../job/status.js';
import { connectTwin } from './connect.js';
import { load } from './jobs.js';
import { logKey } from './keys.js';
import { type Chunk, countLines } from './log-chunks.js';

/** Whole lines of a log, or a place where lines were left out because the log exceeds its limit. */
export type LogPart =
  | { kind: 'lines'; seq: number; time: number; step: Step | ''; line: number; data: Buffer }
  | { kind: 'cut'; lines: number };

/** The bytes that a reader is shown for a part: the lines, or a line that says how many are missing. */
export function partBytes(part: LogPart): Buffer {
  if (part.kind === 'lines') return part.data;
  const lines = part.lines.toLocaleString('en');
  return Buffer.from(`… ${lines} lines are left out here: the log exceeds its limit (KOALACI_LOG_LIMIT) …\n`);
}

const BATCH = 64;
const BLOCK_MS = 1_000;

/** Reads the parts of a log after sequence number `after` (0: from the start). */
export async function* readLog(redis: Redis, id: JobId, after = 0): AsyncGenerator<LogPart> {
  const gaps = new Gaps();
  for (;;) {
    const entries = await redis.xrangeBuffer(logKey(id), `(${after}-0`, '+', 'COUNT', BATCH);
    if (entries.length === 0) return;
    for (const chunk of entries.map(toChunk)) {
      after = chunk.seq;
      yield* gaps.between(chunk);
    }
  }
}

/** Like readLog(), then goes on with what is added, until the deployment has ended or the signal aborts. */
export async function* followLog(
  redis: Redis,
  id: JobId,
  signal: AbortSignal,
  after = 0,
): AsyncGenerator<LogPart> {
  const gaps = new Gaps();
  const reader = await connectTwin(redis);
  const stop = () => reader.disconnect();
  signal.addEventListener('abort', stop);
  try {
    while (!signal.aborted) {
      // Ask before reading: then everything that was written before the end is read.
      const ended = isFinal((await load(redis, id)).status);
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

/** Finds the places where lines are missing between two chunks. */
export class Gaps {
  #expected: number | undefined;

  *between(chunk: Chunk): Generator<LogPart> {
    if (this.#expected !== undefined && chunk.line > this.#expected) {
      yield { kind: 'cut', lines: chunk.line - this.#expected };
    }
    this.#expected = chunk.line + countLines(chunk.data);
    yield { kind: 'lines', ...chunk };
  }
}

/** An entry of the stream. */
export function toChunk([id, fields]: Entry): Chunk {
  const field = (name: string) => {
    const at = fields.findIndex((value, index) => index % 2 === 0 && value.toString() === name);
    return fields[at + 1] ?? Buffer.alloc(0);
  };
  return {
    seq: Number(id.toString().split('-')[0]),
    time: Number(field('t').toString()),
    step: field('s').toString() as Step | '',
    line: Number(field('n').toString()),
    data: field('d'),
  };
}
