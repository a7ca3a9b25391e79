// Limits how many requests a user makes in a minute, to this process.
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DEFAULT_LIMITS, limitsFor, overLimit, type UserLimits } from '../job/user-limits.js';

const MINUTE_MS = 60_000;

/** Limits the routes that are added after it. Those without a token are not: there is no user to count for. */
export async function limitRequests(
  app: FastifyInstance,
  operator: UserLimits = DEFAULT_LIMITS,
): Promise<void> {
  const most = (request: FastifyRequest) => limitsFor(operator, request.claimedLimits).requests;
  await app.register(rateLimit, {
    // The token is verified then, and no body is read yet.
    hook: 'preParsing',
    timeWindow: MINUTE_MS,
    max: most,
    allowList: ({ user }) => user === undefined,
    keyGenerator: ({ user }) => user,
    errorResponseBuilder: (request, { ttl }) =>
      overLimit('requests in a minute', most(request), Math.ceil(ttl / 1000)),
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  });
}
