// Streams of server-sent events. A stream ends when its client disconnects or the service stops.
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

export class EventStreams {
  readonly #open = new Set<AbortController>();

  /** Answers with the events that `send` writes. Its signal aborts when the client disconnects or the service stops. */
  async answer(
    reply: FastifyReply,
    send: (response: ServerResponse, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const stream = new AbortController();
    const stop = () => stream.abort();
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
