// The route of a log. The header `Accept` chooses: whole, as JSON or text, or followed, as events.
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import type { JobId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';
import { DEFAULT_LIMITS, limitsFor, type UserLimits } from '../job/user-limits.js';
import { load } from '../store/jobs.js';
import { isEmptyFilter, type LogFilter } from '../store/log-lines.js';
import type { EventStreams } from './event-streams.js';
import { follow } from './follow.js';
import { jsonBody, textBody } from './log-body.js';
import { hasSeenEnd, positionIn } from './log-events.js';
import type { LogHub } from './log-hub.js';
import { NDJSON, partsBody } from './log-parts.js';
import { LOG_PARAMETERS, logFilterOf } from './log-query.js';
import { refused } from './log-token.js';
import type { Parameter } from './parameter.js';
import { jobIdOf, queryOf } from './request.js';
import type { Route } from './route.js';
import { LogAnswer } from './schemas.js';
import type { Services } from './services.js';

/** What the followers of logs share. */
export interface Following {
  hub: LogHub;
  streams: EventStreams;
  /** The operator's. */
  limits?: UserLimits;
}

const PARAMETERS: Parameter[] = [
  { name: 'Last-Event-ID', in: 'header', description: 'the id of the event after which the log resumes' },
  ...LOG_PARAMETERS,
  { name: 'token', in: 'query', description: 'a token of POST /job/:id/log-token, instead of the header' },
];

export function logRoutes(
  { redis }: Services,
  { hub, streams, limits = DEFAULT_LIMITS }: Following,
): Route[] {
  return [
    {
      method: 'GET',
      path: '/job/:id/log',
      summary: 'Get the log of a job; text/event-stream follows it, and resumes after Last-Event-ID',
      parameters: PARAMETERS,
      takesLogToken: true,
      answer: LogAnswer,
      alternatives: ['text/plain', NDJSON, 'text/event-stream'],
      errors: ['not_found', 'bad_input'],
      endless: true,
      handler: async (request, reply) => {
        const id = jobIdOf(request);
        const filter = logFilterOf(queryOf(request));
        const record = await load(redis, id);
        checkIsThisLog(request, record);
        const accept = request.headers.accept ?? '';
        const { followers } = limitsFor(limits, request.claimedLimits);
        if (accept.includes('text/event-stream') && !isEmptyFilter(filter)) throw notFollowed();
        if (accept.includes('text/event-stream')) {
          // An EventSource that has had the end comes back for more, until it is answered so.
          if (hasSeenEnd(lastEventId(request), record)) return reply.code(204).send();
          return streams.answer(reply, eventsOf(request, record, hub), followers);
        }
        streams.hold(reply, followers, () => reply.raw.destroy());
        if (accept.includes(NDJSON)) return reply.type(NDJSON).send(partsBody(redis, id));
        return whole(reply, id, { redis, filter, asText: accept.includes('text/plain') });
      },
    },
  ];
}

/** A token for one log is not for that of the same deployment when it is created again. */
function checkIsThisLog({ onlyLogOf }: FastifyRequest, { createdAt }: JobRecord): void {
  if (onlyLogOf !== undefined && onlyLogOf !== createdAt)
    throw refused('the deployment was created again, and has another log');
}

function lastEventId({ headers }: FastifyRequest): string {
  return String(headers['last-event-id'] ?? '');
}

/** What sends the log as events, from where the client has it. */
function eventsOf(request: FastifyRequest, record: JobRecord, hub: LogHub) {
  return async (response: ServerResponse, signal: AbortSignal) => {
    const tail = await hub.join(record);
    const after = positionIn(lastEventId(request), tail.createdAt);
    await follow(tail, response, { after, signal }).finally(() => hub.leave(tail));
  };
}

function notFollowed(): KoalaError {
  return new KoalaError(
    'bad_input',
    'a log that is followed comes whole: step, since, grep and tail do not go with it',
    {
      remedy: 'Leave them out, or ask for text/plain.',
    },
  );
}

interface Wanted {
  redis: Redis;
  filter: LogFilter;
  asText: boolean;
}

function whole(reply: FastifyReply, id: JobId, { redis, filter, asText }: Wanted) {
  reply.type(asText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8');
  return reply.send(asText ? textBody(redis, id, filter) : jsonBody(redis, id, filter));
}
