// The HTTP service: how requests are read, logged and refused. What it answers is in the routes.
import { randomUUID } from 'node:crypto';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import { KoalaError } from '../job/errors.js';
import { errorAnswer } from './errors.js';
import { EventStreams } from './event-streams.js';
import { LogHub } from './log-hub.js';
import { BODY_BYTES, readJsonAlways } from './request.js';
import { mount } from './route.js';
import { allRoutes } from './routes.js';
import type { Services } from './services.js';

/** For a request to arrive whole; a log may be followed for days. */
const REQUEST_MS = 30_000;

/** The service, not listening yet. Closing it ends those who follow logs. */
export function createApp(services: Services): FastifyInstance {
  const app = emptyApp(services.log);
  const following = { hub: new LogHub(services.redis), streams: new EventStreams() };
  app.addHook('preClose', async () => following.streams.close());
  app.addHook('onClose', () => following.hub.close());
  mount(app, allRoutes(services, following), services.intake.secret);
  return app;
}

/** Without routes: it says so of every one. */
function emptyApp(log: Logger): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    // An id has up to 128 letters.
    routerOptions: { maxParamLength: 256 },
  }) as unknown as FastifyInstance;
  readJsonAlways(app);
  logRequests(app);
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = errorAnswer(error);
    if (status >= 500) request.log.error({ err: error }, 'request failed');
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((request) => {
    throw new KoalaError('not_found', `there is no route ${request.method} ${request.url.split('?')[0]}`);
  });
  return app;
}

/** Each answer and each line of the log about it carry the id of the request. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, user } = request;
    const facts = { method, url, user, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    request.log.debug(facts, 'request');
  });
}
