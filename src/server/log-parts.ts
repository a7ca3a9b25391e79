// Streams a whole log as NDJSON, one object for each part of it, so that a program far away has what a program here has.
import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { rfc3339 } from '../job/public-json.js';
import type { Chunk } from '../store/log-chunks.js';
import { type LogPart, readLog } from '../store/log-reader.js';

/** Few: a client that reads slowly, or not at all, holds these. */
const CHUNKS = 4;
export const NDJSON = 'application/x-ndjson';

/** The log, as parts. */
export function partsBody(redis: Redis, id: JobId): Readable {
  return Readable.from(lines(redis, id), { objectMode: false });
}

/** Some lines of a log for a client. Bytes that are no text have their own form. */
export function linesJson({ time, step, line, own, data }: Omit<Chunk, 'seq'>): object {
  const bytes = isUtf8(data) ? {} : { base64: data.toString('base64') };
  return { time: rfc3339(time), step, line, ...(own ? { own } : {}), text: data.toString(), ...bytes };
}

async function* lines(redis: Redis, id: JobId): AsyncGenerator<string> {
  for await (const part of readLog(redis, id, 0, CHUNKS)) yield `${JSON.stringify(partJson(part))}\n`;
}

function partJson(part: LogPart): object {
  if (part.kind === 'cut') return { cut: part.lines, in_line: part.inLine };
  return { seq: part.seq, ...linesJson(part) };
}
