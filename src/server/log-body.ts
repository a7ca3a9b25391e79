// Streams a whole log as the body of an answer: as text, or as the string in `{"data": …}`.
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { partBytes, readLog } from '../store/log-reader.js';

/** Few: a client that reads slowly, or not at all, holds these. */
const CHUNKS = 4;

/** The log as plain text. */
export function textBody(redis: Redis, id: JobId): Readable {
  return Readable.from(pieces(redis, id), { objectMode: false });
}

/** The log as `{"data":"…"}`. */
export function jsonBody(redis: Redis, id: JobId): Readable {
  return Readable.from(quoted(pieces(redis, id)), { objectMode: false });
}

async function* pieces(redis: Redis, id: JobId): AsyncGenerator<Buffer> {
  for await (const part of readLog(redis, id, 0, CHUNKS)) yield partBytes(part);
}

async function* quoted(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // A very long line is stored in pieces, and a piece may end inside a character.
  const decoder = new StringDecoder('utf8');
  const quote = (text: string) => JSON.stringify(text).slice(1, -1);
  yield '{"data":"';
  for await (const piece of bytes) yield quote(decoder.write(piece));
  yield `${quote(decoder.end())}"}`;
}
