// The route that says what a repository is and how it would be built, for panels that set a project up.
import type { FastifyReply } from 'fastify';
import { KoalaError } from '../job/errors.js';
import { DetectionRequest, parseDetectionRequest } from '../job/payload.js';
import { isLocalSource } from '../job/rules.js';
import { localSource } from '../runner/local-source.js';
import type { Detections } from './detections.js';
import type { Route } from './route.js';
import { DetectAnswer } from './schemas.js';
import type { Services } from './services.js';

/** The service closes a connection on which nothing happens; here nothing does while the repository is fetched. */
const ANSWER_MS = 180_000;

export const detectRoute = ({ intake }: Services, detections: Detections): Route => ({
  method: 'POST',
  path: '/detect',
  summary: 'Say what a repository is, and how it would be built; nothing of it is run',
  body: DetectionRequest,
  answer: DetectAnswer,
  errors: ['bad_input', 'source_failed', 'too_large'],
  handler: async (request, reply) => {
    const asked = parseDetectionRequest(request.body);
    if (isLocalSource(asked.project_repo_url) && !intake.allowLocal) throw localRefused();
    const source = await localSource(asked.project_repo_url);
    const { user } = request;
    request.raw.socket.setTimeout(ANSWER_MS);
    return { data: await detections.detect({ user, request: asked, localSource: source }, gone(reply)) };
  },
});

/** Aborts when the client has gone. */
function gone({ raw }: FastifyReply): AbortSignal {
  const ending = new AbortController();
  raw.once('close', () => ending.abort());
  if (raw.destroyed) ending.abort();
  return ending.signal;
}

function localRefused(): KoalaError {
  return new KoalaError(
    'bad_input',
    'project_repo_url: repositories of the machine itself are not looked at',
    {
      remedy: 'Name a remote repository, or set KOALACI_ALLOW_LOCAL_SOURCES=1 where all users are trusted.',
    },
  );
}
