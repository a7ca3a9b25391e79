// The routes of jobs: create, read, list, cancel. Each calls the same functions as its command.

import { parseJobFilter } from '../job/job-filter.js';
import { Payload, parsePayload } from '../job/payload.js';
import { PLACES } from '../job/places.js';
import { publicJson } from '../job/public-json.js';
import { parseCount } from '../job/quantity.js';
import type { JobRecord } from '../job/record.js';
import { DEFAULT_LIMITS, limitsFor } from '../job/user-limits.js';
import { enqueue } from '../queue/intake.js';
import { parseRerunWish, RerunWish, rerunPayload } from '../queue/rerun.js';
import { lookAtBox } from '../store/box.js';
import { readPage } from '../store/job-pages.js';
import { load, requestCancel } from '../store/jobs.js';
import { withPlace } from '../store/queue-place.js';
import type { Parameter } from './parameter.js';
import { jobIdOf, queryOf } from './request.js';
import type { Route } from './route.js';
import { BoxAnswer, CancelAnswer, JobAnswer, JobsAnswer, OkAnswer, StatusAnswer } from './schemas.js';
import type { Services } from './services.js';

const LISTED = '20';
const MOST_LISTED = 1_000;

export function jobRoutes(services: Services): Route[] {
  return [create, rerun, cancel, status, one, newest, box].map((route) => route(services));
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

const rerun = ({ redis, intake, limits = DEFAULT_LIMITS }: Services): Route => ({
  method: 'POST',
  path: '/job/:id/rerun',
  summary: 'Queue a job again, under a new id: of the same commit, unless the body says otherwise',
  body: RerunWish,
  answer: JobAnswer,
  errors: ['bad_input', 'not_found', 'conflict', 'too_large'],
  handler: async (request) => {
    const id = jobIdOf(request);
    const wish = parseRerunWish(request.body);
    const payload = await rerunPayload(redis, id, { secret: intake.secret, wish });
    const own = limitsFor(limits, request.claimedLimits);
    const record = await enqueue(intake, id.user, payload, own);
    request.log.info({ user: id.user, deployment: record.deployment, of: id.deployment }, 'job queued again');
    return { data: publicJson(await withPlace(redis, record), PLACES) };
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
  handler: async (request) => ({
    data: publicJson(await withPlace(redis, await load(redis, jobIdOf(request))), PLACES),
  }),
});

const FILTERS: Parameter[] = [
  { name: 'project', in: 'query', description: 'only of this project' },
  { name: 'branch', in: 'query', description: 'only of this branch or tag' },
  {
    name: 'status',
    in: 'query',
    description: 'only with this status, or one of several with commas between them',
  },
  { name: 'limit', in: 'query', description: `how many jobs: ${LISTED} by default, ${MOST_LISTED} at most` },
  { name: 'cursor', in: 'query', description: 'older ones: the `next` of the page before' },
];

const newest = ({ redis }: Services): Route => ({
  method: 'GET',
  path: '/jobs',
  summary: 'List your jobs, newest first; with a token that has the claim admin, those of all users',
  parameters: FILTERS,
  answer: JobsAnswer,
  errors: ['bad_input'],
  handler: async (request) => {
    const { limit = LISTED, cursor, ...given } = queryOf(request);
    const { records, next } = await readPage(redis, request.isAdmin ? 'all' : request.user, {
      filter: parseJobFilter(given, (name) => name),
      limit: Math.min(parseCount('limit', limit), MOST_LISTED),
      cursor,
    });
    const shown = records.map((record) => publicJson(record, PLACES));
    return { data: shown, ...(next === undefined ? {} : { next }) };
  },
});

const box = ({ redis }: Services): Route => ({
  method: 'GET',
  path: '/watch',
  summary:
    'See what goes on: what runs, what waits at which place, what ended last; of whom as in the list of jobs',
  answer: BoxAnswer,
  errors: [],
  handler: async (request) => {
    const { building, queued, ended } = await lookAtBox(redis, request.isAdmin ? 'all' : request.user);
    const shown = (records: JobRecord[]) => records.map((record) => publicJson(record, PLACES));
    return { data: { building: shown(building), queued: shown(queued), ended: shown(ended) } };
  },
});
