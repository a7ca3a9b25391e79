// The HTTP service: reads and logs requests, and answers errors. The routes do the rest.
import { randomUUID } from 'node:crypto';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { KoalaError } from '../job/errors.js';
import { PAYLOAD_BYTES } from '../job/payload.js';
import { Detections } from './detections.js';
import { errorAnswer } from './errors.js';
import { EventStreams } from './event-streams.js';
import { STALLED_MS } from './follow.js';
import { LogHub } from './log-hub.js';
import { operationRoutes } from './operation-routes.js';
import { loggableUrl } from './query.js';
import { readJsonAlways } from './request.js';
import { limitRequests } from './request-limit.js';
import { mount } from './route.js';
import { allRoutes } from './routes.js';
import type { OperationServices, Services } from './services.js';

/** A whole request must arrive within this time. The answer may take longer: clients follow logs for days. */
const REQUEST_MS = 30_000;

/** Creates the service, not listening yet. Closing it ends the streams of clients that follow logs. */
export function createApp(services: Services): FastifyInstance {
  const app = emptyApp(services.log);
  const following = {
    hub: new LogHub(services.redis),
    streams: new EventStreams(),
    detections: new Detections(services.look),
    ...(services.limits ? { limits: services.limits } : {}),
  };
  app.addHook('preClose', async () => {
    following.streams.close();
    await following.detections.close();
  });
  app.addHook('onClose', () => following.hub.close());
  app.register(async (limited) => {
    await limitRequests(limited, services.limits);
    mount(limited, allRoutes(services, following), services.intake.secret);
  });
  return app;
}

/** The service of a process that only builds: how it is, and its figures. */
export function createOperationsApp(services: OperationServices): FastifyInstance {
  const app = emptyApp(services.log);
  mount(app, operationRoutes(services), '');
  return app;
}

/** A service without routes, which answers every request with `not_found`. */
function emptyApp(log: Logger): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: PAYLOAD_BYTES,
    requestTimeout: REQUEST_MS,
    // Cuts off a client that does not read. Node.js lets it pass once, if it has read something since the time before.
    connectionTimeout: STALLED_MS / 2,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    // An id has up to 128 characters, more than fastify allows by default.
    routerOptions: { maxParamLength: 256 },
    // Of a path that fits no route, before there are handlers.
    frameworkErrors: refuse,
  }) as unknown as FastifyInstance;
  readJsonAlways(app);
  logRequests(app);
  app.setErrorHandler(refuse);
  app.setNotFoundHandler((request) => {
    throw new KoalaError('not_found', `there is no route ${request.method} ${request.url.split('?')[0]}`, {
      remedy: 'GET /openapi.json describes every route.',
    });
  });
  return app;
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body, retryAfter } = errorAnswer(error);
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).send(body);
}

/** Logs each request, and sends its id in a header, so that a client can name the line of the log. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.addHook('onResponse', async (request, reply) => {
    const { method, user } = request;
    const facts = {
      method,
      url: loggableUrl(request.url),
      user,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    request.log.debug(facts, 'request');
  });
}
