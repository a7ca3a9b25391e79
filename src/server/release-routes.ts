// The route of releases: serves an artifact that was built before.
import * as z from 'zod';
import { releaseArtifact } from '../archives/release.js';
import { KoalaError } from '../job/errors.js';
import { jobIdOf } from './request.js';
import type { Route } from './route.js';
import { ReleaseAnswer } from './schemas.js';
import type { Services } from './services.js';

const Body = z.strictObject({ target: z.string().optional() }).describe('all targets, unless one is named');

export function releaseRoutes(services: Services): Route[] {
  return [release(services)];
}

const release = ({ redis, artifacts, intake, targets }: Services): Route => ({
  method: 'POST',
  path: '/job/:id/release',
  summary:
    'Serve the artifact of a job as the site; builds do not replace it until "koalaci release --resume"',
  body: Body,
  answer: ReleaseAnswer,
  errors: ['bad_input', 'not_found', 'conflict'],
  handler: async (request) => {
    const id = jobIdOf(request);
    const { data: body, error } = Body.safeParse(request.body ?? {});
    if (!body)
      throw new KoalaError('bad_input', `the body must be {"target":"…"}: ${error.issues[0]?.message}`);
    const context = { redis, artifacts, retentionSeconds: intake.retentionSeconds };
    const outcomes = await releaseArtifact(context, await targets(), {
      ...{ id, by: { user: id.user, target: body.target } },
      options: { signal: new AbortController().signal, say: (line) => request.log.warn({ line }, 'release') },
    });
    request.log.info({ user: id.user, deployment: id.deployment, target: body.target }, 'released');
    return { data: outcomes.map(({ target, place }) => ({ target, place })) };
  },
});
