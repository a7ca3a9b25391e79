// The routes of what a user has stored on the machine: the list of artifacts, and the removal and the check of one.
import * as z from 'zod';
import { findShipped } from '../archives/find.js';
import { listArtifacts } from '../archives/list.js';
import { removeShipped } from '../archives/remove-shipped.js';
import { verifyArtifact } from '../archives/verify.js';
import { messageOf } from '../job/errors.js';
import { publicJson, publicSchema } from '../job/public-json.js';
import type { Following } from './log-routes.js';
import type { Parameter } from './parameter.js';
import { jobIdOf, queryOf } from './request.js';
import type { Route } from './route.js';
import { data } from './schemas.js';
import { hold } from './send-file.js';
import type { Services } from './services.js';

/** All of an archive is read meanwhile, and nothing is sent: the service would close the connection. */
const ANSWER_MS = 600_000;
const FILTERS: Parameter[] = [{ name: 'project', in: 'query', description: 'only of this project' }];

const Listed = z.object({
  deployment: z.string(),
  project: z.string(),
  branch: z.string().exactOptional(),
  builtAt: z.number(),
  files: z.number().exactOptional(),
  archiveBytes: z.number().describe('of the archive').exactOptional(),
  sha256: z.string().exactOptional(),
  place: z.enum(['here', 'another_machine', 'missing']).describe('as this service sees it'),
  recorded: z.boolean().describe('its record has not expired'),
});
const Removed = z.strictObject({
  bytes: z.number(),
  note: z.string().describe('why copies elsewhere are still there').optional(),
});
const said = z.string().optional();
const Verified = z.strictObject({
  differences: z.array(
    z.strictObject({
      path: said,
      what: z.string(),
      archive: said,
      manifest: said,
      record: said,
      store: said,
    }),
  ),
  notes: z.array(z.string()),
  files: z.number(),
  bytes: z.number(),
});

export function storedRoutes(services: Services, following: Following): Route[] {
  return [listed(services), removal(services), verification(services, following)];
}

const listed = ({ redis, artifacts }: Services): Route => ({
  method: 'GET',
  path: '/artifacts',
  summary: 'List your artifacts, the newest first',
  parameters: FILTERS,
  answer: data(z.array(publicSchema(Listed))),
  errors: ['bad_input'],
  handler: async (request) => {
    const { project } = queryOf(request);
    const found = await listArtifacts(redis, artifacts, { user: request.user, project });
    return { data: found.map((one) => publicJson(one)) };
  },
});

const removal = ({ redis, artifacts, targets }: Services): Route => ({
  method: 'DELETE',
  path: '/job/:id/artifact',
  summary: 'Remove the artifact of a job',
  answer: data(Removed),
  errors: ['not_found', 'conflict'],
  handler: async (request) => {
    const id = jobIdOf(request);
    const where = { artifacts, openTargets: targets };
    const { bytes, failure } = await removeShipped(redis, where, id, 'by "koalaci artifacts rm"');
    return { data: { bytes, ...(failure === undefined ? {} : { note: messageOf(failure) }) } };
  },
});

const verification = ({ redis, artifacts }: Services, following: Following): Route => ({
  method: 'GET',
  path: '/job/:id/artifact/verification',
  summary: 'Compare the archive of a job with its manifest and its record: all of it is read',
  answer: data(Verified),
  errors: ['not_found', 'conflict'],
  handler: async (request, reply) => {
    const shipped = await findShipped(redis, artifacts, jobIdOf(request));
    hold(request, reply, following);
    request.raw.socket.setTimeout(ANSWER_MS);
    return { data: await verifyArtifact(shipped, artifacts) };
  },
});
