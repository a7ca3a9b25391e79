// Reads a request: its user, the job that it names, and its body.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Identity, identityIn } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';
import { type DeploymentId, ID_PATTERN, type JobId, type UserId } from '../job/identity.js';
import { jsonProblem } from '../job/json-problem.js';
import type { LimitsClaim } from '../job/user-limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** From the token; only on routes that need one. */
    user: UserId;
    /** What the token says about its user's limits; only on routes that need one. */
    claimedLimits: LimitsClaim;
    /** Whether it is the operator's, for whom lists have all users' jobs; only on routes that need a token. */
    isAdmin: boolean;
    /** When the token ends, in milliseconds since 1970. */
    expiresAt: number | undefined;
    /** With a token for one log: when its deployment was created. */
    onlyLogOf: number | undefined;
  }
}

/**
 * The user of a request, from its token.
 * @throws KoalaError `unauthorised`
 */
export function authenticate(request: Pick<FastifyRequest, 'headers'>, secret: string): UserId {
  return identify(request, secret).user;
}

/**
 * All that the token of a request says.
 * @throws KoalaError `unauthorised`
 */
export function identify({ headers }: Pick<FastifyRequest, 'headers'>, secret: string): Identity {
  const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token) return identityIn(token, secret);
  throw new KoalaError('unauthorised', 'the header "Authorization: Bearer <token>" is missing', {
    remedy: '"koalaci token" prints a token.',
  });
}

/**
 * The job that the path of a request names.
 * @throws KoalaError `not_found` for a malformed id, which no deployment can have
 */
export function jobIdOf({ params, user }: Pick<FastifyRequest, 'params' | 'user'>): JobId {
  const { id = '' } = params as { id?: string };
  if (ID_PATTERN.test(id)) return { user, deployment: id as DeploymentId };
  throw new KoalaError('not_found', `there is no deployment ${JSON.stringify(id)}`, {
    remedy: 'GET /jobs lists those that are known.',
  });
}

/** The parameters in the query of a request: mount() has refused others than those of its route, and those that are given twice. */
export function queryOf({ query }: Pick<FastifyRequest, 'query'>): Partial<Record<string, string>> {
  return query as Partial<Record<string, string>>;
}

/** Reads every body as JSON, whatever its content type: a plain `curl -d` labels its JSON as a form. */
export function readJsonAlways(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch (cause) {
      done(
        new KoalaError('bad_input', `the body is not JSON: ${jsonProblem(String(body))}`, {
          remedy: 'Send the job as a JSON object.',
          cause,
        }),
      );
    }
  });
}
