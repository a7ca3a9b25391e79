// The routes of jobs: create, read, list, cancel. Each calls the same functions as its command.
import { Payload, parsePayload } from '../job/payload.js';
import { PLACES } from '../job/places.js';
import { publicJson } from '../job/public-json.js';
import { parseCount } from '../job/quantity.js';
import { DEFAULT_LIMITS, limitsFor } from '../job/user-limits.js';
import { enqueue } from '../queue/intake.js';
import { list, load, requestCancel } from '../store/jobs.js';
import { jobIdOf } from './request.js';
import type { Route } from './route.js';
import { CancelAnswer, JobAnswer, JobsAnswer, OkAnswer, StatusAnswer } from './schemas.js';
import type { Services } from './services.js';

const LISTED = '20';
const MOST_LISTED = 1_000;

export function jobRoutes(services: Services): Route[] {
  return [create, cancel, status, one, newest].map((route) => route(services));
}

const create = ({ intake, limits = DEFAULT_LIMITS }: Services): Route => ({
  method: 'POST',
  path: '/job/create',
  summary: 'Queue a job',
  body: Payload,
  answer: OkAnswer,
  errors: ['bad_input', 'conflict', 'too_large'],
  handler: async (request) => {
    const own = limitsFor(limits, request.claimedLimits);
    const record = await enqueue(intake, request.user, parsePayload(request.body), own);
    request.log.info({ user: record.user, deployment: record.deployment }, 'job queued');
    return { data: 'OK' };
  },
});

const cancel = ({ redis }: Services): Route => ({
  method: 'PATCH',
  path: '/job/:id/cancel',
  summary: 'Cancel a job',
  answer: CancelAnswer,
  errors: ['not_found', 'conflict'],
  handler: async (request) => {
    await requestCancel(redis, jobIdOf(request));
    return { data: 'Queued for cancellation' };
  },
});

const status = ({ redis }: Services): Route => ({
  method: 'GET',
  path: '/job/:id/status',
  summary: 'Get the status of a job',
  answer: StatusAnswer,
  errors: ['not_found'],
  handler: async (request) => ({ data: (await load(redis, jobIdOf(request))).status }),
});

const one = ({ redis }: Services): Route => ({
  method: 'GET',
  path: '/job/:id',
  summary: 'Get the record of a job',
  answer: JobAnswer,
  errors: ['not_found'],
  handler: async (request) => ({ data: publicJson(await load(redis, jobIdOf(request)), PLACES) }),
});

const newest = ({ redis }: Services): Route => ({
  method: 'GET',
  path: '/jobs',
  summary: 'List your jobs, newest first',
  parameters: [
    {
      name: 'limit',
      in: 'query',
      description: `how many jobs: ${LISTED} by default, ${MOST_LISTED} at most`,
    },
  ],
  answer: JobsAnswer,
  errors: ['bad_input'],
  handler: async ({ query, user }) => {
    const { limit = LISTED } = query as { limit?: string };
    const records = await list(redis, user, Math.min(parseCount('limit', String(limit)), MOST_LISTED));
    return { data: records.map((record) => publicJson(record, PLACES)) };
  },
});
