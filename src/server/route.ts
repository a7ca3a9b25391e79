// A route is one row: its request, its answer and its handler. fastify and the OpenAPI document read the same rows.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import type { ErrorKind } from '../job/errors.js';
import { logTokenIn } from './log-token.js';
import type { Parameter } from './parameter.js';
import { checkQuery } from './query.js';
import { identify } from './request.js';

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** In fastify's syntax: `/job/:id/log`. */
  path: string;
  summary: string;
  /** Parameters in the query or in headers; those in the path need no row. */
  parameters?: Parameter[];
  /** The schema of the JSON in the request. */
  body?: z.ZodType;
  /**
   * The schema of the JSON in the answer, or `text` for plain text, or `page` for HTML, or `archive` for a .tar.gz, or `file` for one
   * of any type; of the last two a part may be asked for.
   */
  answer: z.ZodType | 'text' | 'page' | 'archive' | 'file';
  /** Other content types of the answer, for clients that accept them. */
  alternatives?: string[];
  /** The errors of this route, besides those of every route that needs a token. */
  errors: ErrorKind[];
  /** Whether it needs no token. */
  open?: boolean;
  /** Whether a token for one log will do, in the query. */
  takesLogToken?: boolean;
  /** Whether its handler answers HEAD too; otherwise the whole answer is made for that, and thrown away. */
  answersHead?: boolean;
  /** Whether the answer may never end; such a route gets no HEAD. */
  endless?: boolean;
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}

/** Adds routes to the service. `secret` verifies the tokens for those that are not open. */
export function mount(app: FastifyInstance, routes: Route[], secret: string): void {
  for (const route of routes) {
    const { method, path, open = false, endless = false, answersHead = false, handler } = route;
    app.route({
      method: answersHead ? [method, 'HEAD'] : method,
      url: path,
      handler,
      ...(method === 'GET' ? { exposeHeadRoute: !endless && !answersHead } : {}),
      onRequest: async (request) => {
        if (!open) Object.assign(request, callerOf(request, route, secret));
      },
      preHandler: async (request) => {
        if (!open) checkQuery(request.query, queryNames(route));
      },
    });
  }
}

/** The names that a route knows in its query. */
export function queryNames({ parameters = [] }: Pick<Route, 'parameters'>): string[] {
  return parameters.filter((one) => one.in === 'query').map(({ name }) => name);
}

/** Who asks, by the token in the header or, for a log, in the query. */
function callerOf(request: FastifyRequest, { takesLogToken = false }: Route, secret: string): Caller {
  const { token } = request.query as { token?: unknown };
  if (takesLogToken && typeof token === 'string' && request.headers.authorization === undefined) {
    const { id = '' } = request.params as { id?: string };
    const { id: job, createdAt, limits, expiresAt } = logTokenIn(token, id, secret);
    return { user: job.user, claimedLimits: limits, expiresAt, isAdmin: false, onlyLogOf: createdAt };
  }
  const { limits: claimedLimits, ...identity } = identify(request, secret);
  return { ...identity, claimedLimits, onlyLogOf: undefined };
}

type Caller = Pick<FastifyRequest, 'user' | 'claimedLimits' | 'isAdmin' | 'expiresAt' | 'onlyLogOf'>;
