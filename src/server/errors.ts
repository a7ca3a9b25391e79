// Turns errors into answers: what happened, what to do, and which fields it is about; never a stack.
import { type FieldProblem, httpStatusOf, KoalaError } from '../job/errors.js';
import { PAYLOAD_BYTES } from '../job/payload.js';
import { showBytes } from '../job/quantity.js';
import { isRedisAway } from '../store/redis-away.js';
import { commandError } from '../store/redis-problem.js';

export interface ErrorAnswer {
  status: number;
  body: { error: { code: string; message: string; remedy?: string; fields?: FieldProblem[] } };
  /** In seconds. */
  retryAfter?: number;
}

/** The answer for anything that was thrown. Pure. */
export function errorAnswer(error: unknown): ErrorAnswer {
  const known = asKoalaError(error);
  if (known) {
    const { kind, message, remedy, retryAfter } = known;
    const fields = fieldsOf(known);
    const details = { ...(remedy ? { remedy } : {}), ...(fields.length > 0 ? { fields } : {}) };
    return {
      ...{ status: httpStatusOf(kind), body: { error: { code: kind, message, ...details } } },
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }
  const message = 'koalaci failed; the log of the service has the details';
  const remedy = 'Try again; if it stays so, tell the operator the header x-request-id of this answer.';
  return { status: 500, body: { error: { code: 'internal', message, remedy } } };
}

/** The fields that an error is about. By convention, a message that is about a single one begins with its name. */
function fieldsOf({ kind, message, fields }: KoalaError): FieldProblem[] {
  if (fields.length > 0 || kind !== 'bad_input') return [...fields];
  const [, path, problem] = /^([a-z]+(?:_[a-z]+)*): (.*)$/s.exec(message) ?? [];
  return path && problem ? [{ path, message: problem }] : [];
}

function asKoalaError(error: unknown): KoalaError | undefined {
  if (error instanceof KoalaError) return error;
  if (isRedisAway(error))
    return new KoalaError('environment', 'Redis does not answer', {
      remedy: 'Try again in a moment; "koalaci doctor" on the machine of the service says more.',
    });
  const refused = commandError(error);
  if (refused) return refused;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new KoalaError('too_large', `the body is larger than ${showBytes(PAYLOAD_BYTES)}`, {
      remedy: 'Send less: large values of env belong into the repository, or where the build can fetch them.',
    });
  if (code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new KoalaError('not_found', 'no deployment has an id as long as this', {
      remedy: 'An id has 128 characters at most.',
    });
  // fastify's other 4xx errors mean that it cannot read the request.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new KoalaError('bad_input', (error as Error).message, {
      remedy: 'Correct the request; GET /openapi.json describes every one.',
    });
  }
  return undefined;
}
