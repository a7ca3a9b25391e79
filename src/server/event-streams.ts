// Answers that are streams of server-sent events: each lasts as long as its reader stays, and all end with the service.
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

export class EventStreams {
  readonly #open = new Set<AbortController>();

  /** Answers with events until `send` is done; its signal aborts when the reader is gone or the service stops. */
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

  /** Ends them all. */
  close(): void {
    for (const stream of this.#open) stream.abort();
  }
}

function sendHead(response: ServerResponse, requestId: string): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would hold the events back.
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
  });
  response.flushHeaders();
}
