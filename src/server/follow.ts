// Sends a log as server-sent events, no faster than the client reads. What the client has not read stays in Redis.
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Gaps } from '../store/log-reader.js';
import { chunkEvent, cutEvent, endEvent } from './log-events.js';
import { ProgressEvents } from './log-progress.js';
import type { LogTail } from './log-tail.js';

/** Proxies close connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1_000;
/** A client that reads nothing for this long is cut off; it may come back, and goes on where it was. */
export const STALLED_MS = 60_000;

/**
 * Sends the log after a position, with what happens to the job's status and steps in its place, then `end` with the final status. A
 * client that comes back is told of the steps once more, all at once. Returns when that is sent or the signal aborts; also
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
  const place: Place = { after, gaps: new Gaps(after), progress: new ProgressEvents() };
  const tell = (events: string[]) => events.forEach((event) => void response.write(event));
  try {
    while (!signal.aborted) {
      // Ask before reading: an ended log does not grow, so the read below misses nothing.
      const { ended, isReplaced, isSettled, news, record } = tail;
      if (isReplaced) return;
      tell(place.progress.status(record));
      const hasSent = await send(tail, response, place);
      if (!hasSent && ended) return tell([...place.progress.end(ended), endEvent(ended)]);
      if (!hasSent && isSettled) tell(place.progress.rest(record));
      if (response.writableNeedDrain) {
        if (!(await drained(response, signal))) return void response.destroy();
      } else if (!hasSent) await tail.more({ after: place.after, news }, signal);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

/** How far a client has read, and what it was told. */
interface Place {
  after: number;
  gaps: Gaps;
  progress: ProgressEvents;
}

/** Sends chunks until none is left or the client falls behind. Returns whether there were any. */
async function send(tail: LogTail, response: ServerResponse, place: Place): Promise<boolean> {
  const chunks = await tail.read(place.after).catch(async () => {
    await delay(RETRY_MS);
    return [];
  });
  for (const chunk of chunks) {
    for (const event of place.progress.before(chunk, tail.record)) response.write(event);
    const cut = place.gaps.before(chunk);
    if (cut) response.write(cutEvent(cut.lines));
    response.write(chunkEvent(chunk, tail.createdAt));
    place.after = chunk.seq;
    if (response.writableNeedDrain) break;
  }
  return chunks.length > 0;
}

/** Whether a client that has fallen behind reads on in time; true also when the signal aborts. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const done = () => finish(true);
    const timer = setTimeout(() => finish(false), STALLED_MS);
    const finish = (isRead: boolean) => {
      clearTimeout(timer);
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve(isRead);
    };
    response.on('drain', done);
    signal.addEventListener('abort', done);
  });
}
