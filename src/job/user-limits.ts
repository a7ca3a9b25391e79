// What one user may take of the service. The operator's settings give it; a token, which the panel signs, may give more or less.
import * as z from 'zod';
import { KoalaError } from './errors.js';

const count = z.number().int().min(0).max(1_000_000_000);

/** The claim `koalaci.limits` of a token: any of these. */
export const LimitsClaim = z.strictObject({
  /** Builds at once, on all machines together. */
  running: count.min(1).optional(),
  /** Jobs that are queued or building. */
  queued: count.optional(),
  /** Logs that are followed at once, in one process. */
  followers: count.optional(),
  /** Requests in a minute, to one process. */
  requests: count.optional(),
});
export type LimitsClaim = z.infer<typeof LimitsClaim>;

/** `running` is each worker's own setting, unless the token says it. */
export interface UserLimits {
  running?: number;
  queued: number;
  followers: number;
  requests: number;
}

/** Where the operator has set nothing: more than a panel needs, and less than a box can bear. */
export const DEFAULT_LIMITS: UserLimits = { queued: 1_000, followers: 1_000, requests: 6_000 };

/** What counts for a request: the token's figures, else the operator's. */
export function limitsFor(operator: UserLimits, claim: LimitsClaim): UserLimits {
  const { running = operator.running, queued = operator.queued } = claim;
  const { followers = operator.followers, requests = operator.requests } = claim;
  return { queued, followers, requests, ...(running === undefined ? {} : { running }) };
}

/** The error of a request that goes over a limit. `retryAfter` is in seconds. */
export function overLimit(what: string, most: number, retryAfter: number): KoalaError {
  return new KoalaError('over_limit', `your limit is reached: ${most} ${what}`, {
    remedy: `Try again in ${retryAfter} s, or have the operator raise it.`,
    retryAfter,
  });
}
