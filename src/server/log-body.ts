// Streams a log, or those of its lines that are wanted, as the body of an answer: as text, or as the string in `{"data": …}`.
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { filteredLines, isEmptyFilter, type LogFilter } from '../store/log-lines.js';
import { cutLine, partBytes, readLog } from '../store/log-reader.js';

/** Few: a client that reads slowly, or not at all, holds these. */
const CHUNKS = 4;

/** The log as plain text. */
export function textBody(redis: Redis, id: JobId, filter: LogFilter = {}): Readable {
  return Readable.from(pieces(redis, id, filter), { objectMode: false });
}

/** The log as `{"data":"…"}`. */
export function jsonBody(redis: Redis, id: JobId, filter: LogFilter = {}): Readable {
  return Readable.from(quoted(pieces(redis, id, filter)), { objectMode: false });
}

async function* pieces(redis: Redis, id: JobId, filter: LogFilter): AsyncGenerator<Buffer> {
  const parts = readLog(redis, id, 0, CHUNKS);
  if (isEmptyFilter(filter)) {
    for await (const part of parts) yield partBytes(part);
    return;
  }
  for await (const entries of filteredLines(parts, filter)) {
    const lines = entries.map((entry) =>
      entry.kind === 'line' ? entry.data : Buffer.from(cutLine(entry.lines)),
    );
    if (lines.length > 0) yield Buffer.concat(lines);
  }
}

async function* quoted(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // A very long line is stored in pieces, and a piece may end inside a character.
  const decoder = new StringDecoder('utf8');
  const quote = (text: string) => JSON.stringify(text).slice(1, -1);
  yield '{"data":"';
  for await (const piece of bytes) yield quote(decoder.write(piece));
  yield `${quote(decoder.end())}"}`;
}
