// Answers that may take long: logs and artifacts, whole, and streams of events. A stream ends when its client disconnects or the
// service stops.
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { overLimit } from '../job/user-limits.js';

/** After which a user may have let go of a stream. */
const RETRY_SECONDS = 5;
/** A timer of more milliseconds would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class EventStreams {
  readonly #open = new Set<AbortController>();
  readonly #ofUser = new Map<string, number>();

  /**
   * Counts an answer for its user until it is closed. Calls `end` when its token ends before that.
   * @throws KoalaError `over_limit` when the user has `most` of them already
   */
  hold({ raw, request }: FastifyReply, most: number, end: () => void): void {
    const { user, expiresAt } = request;
    // The client has gone before we came to it: nothing would tell us so again.
    if (raw.destroyed) {
      end();
      return;
    }
    const count = this.#ofUser.get(user) ?? 0;
    if (count >= most) throw overLimit('logs and artifacts that are read at once', most, RETRY_SECONDS);
    this.#ofUser.set(user, count + 1);
    const ending = expiresAt && setTimeout(end, Math.min(expiresAt - Date.now(), LONGEST_TIMER_MS));
    raw.once('close', () => {
      this.#leave(user);
      if (ending) clearTimeout(ending);
    });
  }

  /**
   * Answers with the events that `send` writes. Its signal aborts when the client disconnects, its token ends, or the service
   * stops.
   * @throws KoalaError `over_limit` as hold()
   */
  async answer(
    reply: FastifyReply,
    send: (response: ServerResponse, signal: AbortSignal) => Promise<void>,
    most = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const stream = new AbortController();
    const stop = () => stream.abort();
    this.hold(reply, most, stop);
    reply.hijack();
    const { raw } = reply;
    raw.on('close', stop);
    raw.on('error', stop);
    this.#open.add(stream);
    sendHead(raw, reply.request.id);
    try {
      await send(raw, stream.signal);
    } finally {
      this.#open.delete(stream);
      raw.end();
    }
  }

  #leave(user: string): void {
    const left = (this.#ofUser.get(user) ?? 1) - 1;
    if (left === 0) this.#ofUser.delete(user);
    else this.#ofUser.set(user, left);
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of this.#open) stream.abort();
  }
}

function sendHead(response: ServerResponse, requestId: string): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Otherwise nginx buffers the events.
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
  });
  response.flushHeaders();
}
