// Sends a log as server-sent events, no faster than the client reads. What the client has not read stays in Redis.
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Gaps } from '../store/log-reader.js';
import { chunkEvent, cutEvent, endEvent } from './log-events.js';
import type { LogTail } from './log-tail.js';

/** Proxies close connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1_000;

/**
 * Sends the log after a position, then `end` with the final status. Returns when that is sent or the signal aborts; also
 * when the deployment was created again: a client that comes back gets its new log from the start.
 */
export async function follow(
  tail: LogTail,
  response: ServerResponse,
  { after, signal }: { after: number; signal: AbortSignal },
): Promise<void> {
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, HEARTBEAT_MS);
  const place: Place = { after, gaps: new Gaps(after) };
  try {
    while (!signal.aborted) {
      // Ask before reading: an ended log does not grow, so the read below misses nothing.
      const { ended, isReplaced } = tail;
      if (isReplaced) return;
      const hasSent = await send(tail, response, place);
      if (!hasSent && ended) return void response.write(endEvent(ended));
      if (response.writableNeedDrain) await drained(response, signal);
      else if (!hasSent) await tail.more(place.after, signal);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

/** How far a client has read. */
interface Place {
  after: number;
  gaps: Gaps;
}

/** Sends chunks until none is left or the client falls behind. Returns whether there were any. */
async function send(tail: LogTail, response: ServerResponse, place: Place): Promise<boolean> {
  const chunks = await tail.read(place.after).catch(async () => {
    await delay(RETRY_MS);
    return [];
  });
  for (const chunk of chunks) {
    const cut = place.gaps.before(chunk);
    if (cut) response.write(cutEvent(cut.lines));
    response.write(chunkEvent(chunk, tail.createdAt));
    place.after = chunk.seq;
    if (response.writableNeedDrain) break;
  }
  return chunks.length > 0;
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
