// What a request says: who asks, for which job, and what its body holds.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { verifyToken } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';
import { type DeploymentId, ID_PATTERN, type JobId, type UserId } from '../job/identity.js';

/** Bytes of the largest body that is read. */
export const BODY_BYTES = 16 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** From the token; only on routes that need one. */
    user: UserId;
  }
}

/**
 * The user whose token a request brings.
 * @throws KoalaError `unauthorised`
 */
export function authenticate({ headers }: Pick<FastifyRequest, 'headers'>, secret: string): UserId {
  const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token) return verifyToken(token, secret);
  throw new KoalaError('unauthorised', 'the header "Authorization: Bearer <token>" is missing');
}

/**
 * The job that the path of a request names.
 * @throws KoalaError `not_found`: an id that cannot be one is an id that does not exist
 */
export function jobIdOf({ params, user }: Pick<FastifyRequest, 'params' | 'user'>): JobId {
  const { id = '' } = params as { id?: string };
  if (ID_PATTERN.test(id)) return { user, deployment: id as DeploymentId };
  throw new KoalaError('not_found', `there is no deployment ${JSON.stringify(id)}`);
}

/** Reads every body as JSON. A plain `curl -d` says that it sends a form, and sends JSON all the same. */
export function readJsonAlways(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch (cause) {
      done(new KoalaError('bad_input', `the body is not JSON: ${(cause as Error).message}`, { cause }));
    }
  });
}
