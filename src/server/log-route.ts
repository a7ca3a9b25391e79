// The route of a log: whole as JSON or text, or followed, as the reader accepts.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { load } from '../store/jobs.js';
import type { Services } from './app.js';
import { follow } from './follow.js';
import { type JobRequest, jobId } from './job-routes.js';
import { jsonBody, textBody } from './log-body.js';
import type { LogHub } from './log-hub.js';

export function logRoute(app: FastifyInstance, { redis }: Services, hub: LogHub): void {
  const followers = new Set<AbortController>();
  app.addHook('preClose', async () => {
    for (const follower of followers) follower.abort();
  });
  app.addHook('onClose', () => hub.close());

  // A HEAD that follows would never end.
  app.get('/job/:id/log', { exposeHeadRoute: false }, async (request: JobRequest, reply) => {
    const id = jobId(request);
    await load(redis, id);
    const accept = request.headers.accept ?? '';
    if (accept.includes('text/event-stream')) {
      const tail = await hub.join(id);
      return stream(reply, followers, async (signal) => {
        const after = Number(/^\d{1,15}$/.exec(String(request.headers['last-event-id'] ?? ''))?.[0] ?? 0);
        await follow(tail, reply.raw, { after, signal }).finally(() => hub.leave(tail));
      });
    }
    const isText = accept.includes('text/plain');
    reply.type(isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8');
    return reply.send(isText ? textBody(redis, id) : jsonBody(redis, id));
  });
}

/** Answers with events until `send` is done, the reader is gone, or the service stops. */
async function stream(
  reply: FastifyReply,
  followers: Set<AbortController>,
  send: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  const stop = () => gone.abort();
  reply.hijack();
  const { raw } = reply;
  raw.on('close', stop);
  raw.on('error', stop);
  followers.add(gone);
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would hold the events back.
    'x-accel-buffering': 'no',
    'x-request-id': reply.request.id,
  });
  raw.flushHeaders();
  try {
    await send(gone.signal);
  } finally {
    followers.delete(gone);
    raw.end();
  }
}
