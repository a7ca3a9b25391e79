// A route is one row: how it is asked, what it answers, and the function that does it. fastify and the OpenAPI read the same.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import type { ErrorKind } from '../job/errors.js';
import { authenticate } from './request.js';

export interface Route {
  method: 'GET' | 'POST' | 'PATCH';
  /** As fastify writes it: `/job/:id/log`. */
  path: string;
  summary: string;
  /** What a query or a header may say besides the path. */
  parameters?: Parameter[];
  /** The JSON that it wants. */
  body?: z.ZodType;
  /** The JSON of the answer, or plain text. */
  answer: z.ZodType | 'text';
  /** Other content types of the answer, for readers that accept them. */
  alternatives?: string[];
  /** Errors of its own, besides those that every route with a token has. */
  errors: ErrorKind[];
  /** Whether it is answered without a token. */
  open?: boolean;
  /** Whether the answer may never end, so that there is no HEAD of it. */
  endless?: boolean;
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
}

export interface Parameter {
  name: string;
  in: 'query' | 'header';
  description: string;
}

/** Adds routes to the service. The secret verifies the tokens of those that are not open. */
export function mount(app: FastifyInstance, routes: Route[], secret: string): void {
  for (const { method, path, open = false, endless = false, handler } of routes) {
    app.route({
      method,
      url: path,
      handler,
      ...(method === 'GET' ? { exposeHeadRoute: !endless } : {}),
      onRequest: async (request) => {
        if (!open) request.user = authenticate(request, secret);
      },
    });
  }
}
