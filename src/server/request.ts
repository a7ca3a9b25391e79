// Reads a request: its user, the job that it names, and its body.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { verifyToken } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';
import { type DeploymentId, ID_PATTERN, type JobId, type UserId } from '../job/identity.js';
import { jsonProblem } from '../job/payload-issues.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** From the token; only on routes that need one. */
    user: UserId;
  }
}

/**
 * The user of a request, from its token.
 * @throws KoalaError `unauthorised`
 */
export function authenticate({ headers }: Pick<FastifyRequest, 'headers'>, secret: string): UserId {
  const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token) return verifyToken(token, secret);
  throw new KoalaError('unauthorised', 'the header "Authorization: Bearer <token>" is missing');
}

/**
 * The job that the path of a request names.
 * @throws KoalaError `not_found` for a malformed id, which no deployment can have
 */
export function jobIdOf({ params, user }: Pick<FastifyRequest, 'params' | 'user'>): JobId {
  const { id = '' } = params as { id?: string };
  if (ID_PATTERN.test(id)) return { user, deployment: id as DeploymentId };
  throw new KoalaError('not_found', `there is no deployment ${JSON.stringify(id)}`);
}

/** Reads every body as JSON, whatever its content type: a plain `curl -d` labels its JSON as a form. */
export function readJsonAlways(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch (cause) {
      done(new KoalaError('bad_input', `the body is not JSON: ${jsonProblem(cause as Error)}`, { cause }));
    }
  });
}
