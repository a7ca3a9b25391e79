// Tokens for one log, which a page in a browser puts into the address: an EventSource sends no headers. They are signed with a key of
// their own, so that neither they nor ordinary tokens pass for the other.
import { hkdfSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import * as z from 'zod';
import { KoalaError } from '../job/errors.js';
import type { DeploymentId, JobId, UserId } from '../job/identity.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { isFinal } from '../job/status.js';
import { LimitsClaim } from '../job/user-limits.js';

/** How long one is valid after the job must have ended. */
const AFTER_MS = 10 * 60_000;
const KEY_BYTES = 32;

const Claims = z.object({
  user: z.string(),
  deployment: z.string(),
  created: z.number(),
  limits: LimitsClaim,
  exp: z.number(),
});

export interface LogToken {
  id: JobId;
  /** When the deployment was created whose log it is: one that is created again has another log. */
  createdAt: number;
  limits: LimitsClaim;
  /** In milliseconds since 1970. */
  expiresAt: number;
}

/** Until when a token for the log of a job is valid: the job's deadline, and ten minutes. `timeoutMs`: of all builds. Pure. */
export function logTokenEnd(
  record: JobRecord,
  { timeoutMs, now }: { timeoutMs: number; now: number },
): number {
  if (isFinal(record.status)) return now + AFTER_MS;
  const { startedAt = now, timeoutMs: own = timeoutMs }: RecordFields = record;
  return startedAt + Math.min(own, timeoutMs) + AFTER_MS;
}

/** Signs one. */
export function signLogToken({ id, createdAt, limits, expiresAt }: LogToken, secret: string): string {
  const exp = Math.floor(expiresAt / 1000);
  return jwt.sign({ ...id, created: createdAt, limits, exp }, keyOf(secret), {
    algorithm: 'HS256',
    noTimestamp: true,
  });
}

/**
 * Verifies one for the log of a deployment of this name.
 * @throws KoalaError `unauthorised`, with the reason
 */
export function logTokenIn(token: string, deployment: string, secret: string): LogToken {
  const claims = Claims.safeParse(verified(token, secret));
  if (!claims.success || claims.data.deployment !== deployment) throw refused('it is for another log');
  const { user, created, limits, exp } = claims.data;
  const id = { user: user as UserId, deployment: deployment as DeploymentId };
  return { id, createdAt: created, limits, expiresAt: exp * 1000 };
}

/** The error of a token that does not count. */
export function refused(why: string, cause?: unknown): KoalaError {
  return new KoalaError('unauthorised', `the token in the address is refused: ${why}`, {
    remedy: 'Get a new one with POST /job/:id/log-token.',
    cause,
  });
}

function verified(token: string, secret: string): unknown {
  try {
    return jwt.verify(token, keyOf(secret), { algorithms: ['HS256'] });
  } catch (error) {
    const isOld = error instanceof jwt.TokenExpiredError;
    throw refused(isOld ? 'it has expired' : 'it is not one for a log', error);
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'koalaci log token', KEY_BYTES));
}
