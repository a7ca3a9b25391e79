// Turns errors into answers: a code and a message, never a stack.
import { httpStatusOf, KoalaError } from '../job/errors.js';
import { PAYLOAD_BYTES } from '../job/payload.js';
import { showBytes } from '../job/quantity.js';
import { isRedisAway } from '../store/redis-away.js';
import { commandError } from '../store/redis-problem.js';

export interface ErrorAnswer {
  status: number;
  body: { error: { code: string; message: string } };
  /** In seconds. */
  retryAfter?: number;
}

/** The answer for anything that was thrown. Pure. */
export function errorAnswer(error: unknown): ErrorAnswer {
  const known = asKoalaError(error);
  if (known) {
    const { kind, message, retryAfter } = known;
    return {
      ...answer(httpStatusOf(kind), kind, message),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }
  return answer(500, 'internal', 'koalaci failed; the log of the service has the details');
}

function asKoalaError(error: unknown): KoalaError | undefined {
  if (error instanceof KoalaError) return error;
  if (isRedisAway(error)) return new KoalaError('environment', 'Redis does not answer');
  const refused = commandError(error);
  if (refused) return refused;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new KoalaError('too_large', `the body is larger than ${showBytes(PAYLOAD_BYTES)}`);
  if (code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new KoalaError('not_found', 'no deployment has an id as long as this');
  // fastify's other 4xx errors mean that it cannot read the request.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new KoalaError('bad_input', (error as Error).message);
  }
  return undefined;
}

function answer(status: number, code: string, message: string): ErrorAnswer {
  return { status, body: { error: { code, message } } };
}
