// Sends a log as server-sent events, no faster than the client reads. What the client has not read stays in Redis.
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { countLines } from '../store/log-chunks.js';
import { chunkEvent, cutEvent, endEvent } from './log-events.js';
import type { LogTail } from './log-tail.js';

/** Proxies close connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1_000;

/** Sends the log after a position, then `end` with the final status. Returns when that is sent or the signal aborts. */
export async function follow(
  tail: LogTail,
  response: ServerResponse,
  { after, signal }: { after: number; signal: AbortSignal },
): Promise<void> {
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, HEARTBEAT_MS);
  let place: Place = { after, line: undefined };
  try {
    while (!signal.aborted) {
      // Ask before reading: an ended log does not grow, so the read below misses nothing.
      const ended = tail.ended;
      const next = await send(tail, response, place);
      if (next) place = next;
      else if (ended) return void response.write(endEvent(ended));
      if (response.writableNeedDrain) await drained(response, signal);
      else if (!next) await tail.more(place.after, signal);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

interface Place {
  after: number;
  /** Number of the next line, unless lines are left out. */
  line: number | undefined;
}

/** Sends chunks until none is left or the client falls behind. Returns the new place; undefined if nothing was sent. */
async function send(tail: LogTail, response: ServerResponse, place: Place): Promise<Place | undefined> {
  const chunks = await tail.read(place.after).catch(async () => {
    await delay(RETRY_MS);
    return [];
  });
  let at: Place | undefined;
  for (const chunk of chunks) {
    const expected = (at ?? place).line;
    if (expected !== undefined && chunk.line > expected) response.write(cutEvent(chunk.line - expected));
    response.write(chunkEvent(chunk));
    at = { after: chunk.seq, line: chunk.line + countLines(chunk.data) };
    if (response.writableNeedDrain) break;
  }
  return at;
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.on('drain', done);
    signal.addEventListener('abort', done);
  });
}
