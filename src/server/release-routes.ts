// The routes of what projects have served: serve what was built before, let builds be served again, upload once more.
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import { releaseArtifact, resume as resumeBuilds } from '../archives/release.js';
import { uploadAgain } from '../archives/upload-again.js';
import { KoalaError } from '../job/errors.js';
import { ID_PATTERN, type ProjectId, type UserId } from '../job/identity.js';
import { publicJson, publicSchema } from '../job/public-json.js';
import { listReleases } from '../releases/list.js';
import { parseReleases } from '../releases/project-releases.js';
import { readReleases } from '../store/releases.js';
import type { Parameter } from './parameter.js';
import { jobIdOf, queryOf } from './request.js';
import type { Route } from './route.js';
import { data, ReleaseAnswer } from './schemas.js';
import type { Services } from './services.js';

/** All of a release is uploaded meanwhile, and nothing is sent: the service would close the connection. */
const ANSWER_MS = 600_000;
const WHICH: Parameter[] = [{ name: 'project', in: 'query', description: 'the project' }];

const TargetBody = z
  .strictObject({ target: z.string().optional() })
  .describe('all targets, unless one is named');
const ResumeBody = z.strictObject({ project: z.string(), target: z.string().optional() });
const Listed = z.object({
  target: z.string(),
  place: z.string(),
  deployment: z.string(),
  branch: z.string(),
  state: z
    .enum(['served', 'kept', 'held'])
    .describe('held: it would be served, if another one were not pinned'),
  createdAt: z.number(),
  releasedAt: z.number().exactOptional(),
  releasedBy: z.string().describe('who released it; or "build"').exactOptional(),
  replacedAt: z.number().exactOptional(),
  pinnedBy: z.string().describe('who keeps builds from replacing it').exactOptional(),
  pinnedAt: z.number().exactOptional(),
});
const Resumed = data(
  z.array(
    z.strictObject({
      target: z.string(),
      deployment: z.string().describe('what is served instead, if one waited for that').exactOptional(),
    }),
  ),
);

export function releaseRoutes(services: Services): Route[] {
  return [release, upload, listed, resume].map((route) => route(services));
}

const release = (services: Services): Route => ({
  method: 'POST',
  path: '/job/:id/release',
  summary: 'Serve the artifact of a job as the site; builds do not replace it until POST /releases/resume',
  body: TargetBody,
  answer: ReleaseAnswer,
  errors: ['bad_input', 'not_found', 'conflict'],
  handler: async (request) => {
    const id = jobIdOf(request);
    const { target } = parsed(TargetBody, request.body ?? {}, '{"target":"…"}');
    const { context, targets, options } = await releasing(services, request);
    const by = { user: id.user, target };
    const outcomes = await releaseArtifact(context, targets, { id, by, options });
    request.log.info({ user: id.user, deployment: id.deployment, target }, 'released');
    return { data: outcomes.map((one) => publicJson(one)) };
  },
});

const upload = (services: Services): Route => ({
  method: 'POST',
  path: '/job/:id/upload',
  summary: 'Send the artifact of a job to the targets again, after its upload failed; then it is READY',
  answer: ReleaseAnswer,
  errors: ['bad_input', 'not_found', 'conflict'],
  handler: async (request) => {
    const id = jobIdOf(request);
    const { context, targets, options } = await releasing(services, request);
    const outcomes = await uploadAgain(context, targets, { id, options });
    request.log.info({ user: id.user, deployment: id.deployment }, 'uploaded again');
    return { data: outcomes.map((one) => publicJson(one)) };
  },
});

const listed = ({ redis }: Services): Route => ({
  method: 'GET',
  path: '/releases',
  summary: 'List what a project has served, and what it can go back to',
  parameters: WHICH,
  answer: data(z.array(publicSchema(Listed))),
  errors: ['bad_input', 'not_found'],
  handler: async (request) => {
    const owner = ownerOf(request.user, queryOf(request).project);
    const found = listReleases(parseReleases(await readReleases(redis, owner)));
    return { data: found.map((one) => publicJson(one)) };
  },
});

const resume = (services: Services): Route => ({
  method: 'POST',
  path: '/releases/resume',
  summary: 'Let builds of a project be served again, after a release by hand',
  body: ResumeBody,
  answer: Resumed,
  errors: ['bad_input', 'not_found', 'conflict'],
  handler: async (request) => {
    const { project, target } = parsed(ResumeBody, request.body, '{"project":"…","target":"…"}');
    const owner = ownerOf(request.user, project);
    const { context, targets, options } = await releasing(services, request);
    const by = { user: request.user, target };
    const resumed = await resumeBuilds(context, targets, { owner, by, options });
    request.log.info({ user: request.user, project, target }, 'builds are served again');
    return { data: resumed };
  },
});

/** What a release needs. */
async function releasing({ redis, artifacts, intake, targets }: Services, { raw, log }: FastifyRequest) {
  raw.socket.setTimeout(ANSWER_MS);
  return {
    context: { redis, artifacts, retentionSeconds: intake.retentionSeconds },
    targets: await targets(),
    options: {
      signal: new AbortController().signal,
      say: (line: string) => log.warn({ line }, 'release'),
    },
  };
}

function ownerOf(user: UserId, project = ''): { user: UserId; project: ProjectId } {
  if (project === '') throw new KoalaError('bad_input', 'project: is missing');
  if (ID_PATTERN.test(project)) return { user, project: project as ProjectId };
  throw new KoalaError('not_found', `there is no project ${JSON.stringify(project)}`);
}

function parsed<T>(schema: z.ZodType<T>, body: unknown, form: string): T {
  const { data: found, error } = schema.safeParse(body);
  if (error) throw new KoalaError('bad_input', `the body must be ${form}: ${error.issues[0]?.message}`);
  return found;
}
