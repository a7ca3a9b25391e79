import { once } from 'node:events';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { EventStreams } from '../../../src/server/event-streams.js';

/** A service whose one route answers until it is stopped. */
async function endlessService() {
  const streams = new EventStreams();
  const app = fastify({ forceCloseConnections: true });
  const ended: Promise<unknown>[] = [];
  app.get('/', (_request, reply) =>
    streams.answer(reply, async (response, signal) => {
      response.write('data: 1\n\n');
      const aborted = once(signal, 'abort');
      ended.push(aborted);
      await aborted;
      response.write('data: last\n\n');
    }),
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return { app, streams, url, ended };
}

it('end when the service stops, after what is still said', async () => {
  const { app, streams, url } = await endlessService();
  const response = await fetch(url);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('x-request-id')).toBeTruthy();
  streams.close();
  expect(await response.text()).toBe('data: 1\n\ndata: last\n\n');
  await app.close();
});

it('end when the reader is gone', async () => {
  const { app, url, ended } = await endlessService();
  const reader = new AbortController();
  await fetch(url, { signal: reader.signal });
  reader.abort();
  await Promise.all(ended);
  expect(ended).toHaveLength(1);
  await app.close();
});
