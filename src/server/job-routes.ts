// The routes of jobs: create, look, list, cancel. Each calls what a command calls.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KoalaError } from '../job/errors.js';
import { type DeploymentId, ID_PATTERN, type JobId } from '../job/identity.js';
import { parsePayload } from '../job/payload.js';
import { parseCount } from '../job/quantity.js';
import { recordJson } from '../job/record.js';
import { enqueue } from '../queue/intake.js';
import { list, load, requestCancel } from '../store/jobs.js';
import type { Services } from './app.js';

const LISTED = '20';
const MOST_LISTED = 1_000;

export type JobRequest = FastifyRequest<{ Params: { id: string } }>;

export function jobRoutes(app: FastifyInstance, { redis, intake }: Services): void {
  app.post('/job/create', async (request) => {
    const record = await enqueue(intake, request.user, parsePayload(request.body));
    request.log.info({ user: record.user, deployment: record.deployment }, 'job queued');
    return { data: 'OK' };
  });

  app.patch('/job/:id/cancel', async (request: JobRequest) => {
    await requestCancel(redis, jobId(request));
    return { data: 'Queued for cancellation' };
  });

  app.get('/job/:id/status', async (request: JobRequest) => {
    const { status } = await load(redis, jobId(request));
    return { data: status };
  });

  app.get('/job/:id', async (request: JobRequest) => ({
    data: recordJson(await load(redis, jobId(request))),
  }));

  app.get('/jobs', async (request: FastifyRequest<{ Querystring: { limit?: string } }>) => {
    const most = parseCount('limit', String(request.query.limit ?? LISTED));
    const records = await list(redis, request.user, Math.min(most, MOST_LISTED));
    return { data: records.map(recordJson) };
  });
}

/**
 * The job that a request names.
 * @throws KoalaError `not_found`: an id that cannot be one is an id that does not exist
 */
export function jobId({ params: { id }, user }: JobRequest): JobId {
  if (ID_PATTERN.test(id)) return { user, deployment: id as DeploymentId };
  throw new KoalaError('not_found', `there is no deployment ${JSON.stringify(id)}`);
}
