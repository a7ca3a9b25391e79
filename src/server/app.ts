// The HTTP service: who may ask, how a body is read, what an error looks like. The routes are beside it.
import { randomUUID } from 'node:crypto';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { verifyToken } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';
import type { UserId } from '../job/identity.js';
import type { Intake } from '../queue/intake.js';
import type { Metrics } from '../telemetry/metrics.js';
import { errorAnswer } from './errors.js';
import { jobRoutes } from './job-routes.js';
import { LogHub } from './log-hub.js';
import { logRoute } from './log-route.js';
import { operationRoutes } from './operation-routes.js';

const BODY_BYTES = 16 * 1024;
/** For a request to arrive whole; a log may be followed for days. */
const REQUEST_MS = 30_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the token; on the routes that need one. */
    user: UserId;
  }
}

export interface Services {
  redis: Redis;
  intake: Intake;
  log: Logger;
  metrics: Metrics;
  /** Builds that run in this process. */
  running: () => number;
  /** Whether it has been told to stop. */
  stopping: () => boolean;
  /** Asks the engine whether it is there; undefined where nothing is built. */
  engine: (() => Promise<unknown>) | undefined;
}

/** The service, not listening yet. Closing it ends those who follow logs. */
export function createApp(services: Services): FastifyInstance {
  const app = fastify({
    loggerInstance: services.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    // An id has up to 128 letters.
    routerOptions: { maxParamLength: 256 },
  }) as unknown as FastifyInstance;
  readJsonAlways(app);
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, user } = request;
    const facts = { method, url, user, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    request.log.debug(facts, 'request');
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = errorAnswer(error);
    if (status >= 500) request.log.error({ err: error }, 'request failed');
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((request) => {
    throw new KoalaError('not_found', `there is no route ${request.method} ${request.url.split('?')[0]}`);
  });
  operationRoutes(app, services);
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      request.user = authenticate(request.headers.authorization, services.intake.secret);
    });
    const hub = new LogHub(services.redis);
    jobRoutes(scope, services);
    logRoute(scope, services, hub);
  });
  return app;
}

/** A plain `curl -d` says that it sends a form: what is sent is JSON all the same. */
function readJsonAlways(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch (cause) {
      done(new KoalaError('bad_input', `the body is not JSON: ${(cause as Error).message}`, { cause }));
    }
  });
}

/**
 * The user of a request.
 * @throws KoalaError `unauthorised`
 */
function authenticate(header: string | undefined, secret: string): UserId {
  const [, token] = /^Bearer +(\S+) *$/i.exec(header ?? '') ?? [];
  if (token) return verifyToken(token, secret);
  throw new KoalaError('unauthorised', 'the header "Authorization: Bearer <token>" is missing');
}
