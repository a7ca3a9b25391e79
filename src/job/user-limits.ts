// What one user may take of the service. The operator's settings give it; a token, which the panel signs, may give more or less.
import * as z from 'zod';
import { KoalaError } from './errors.js';
import { showBytes } from './quantity.js';

const count = z.number().int().min(0).max(1_000_000_000);
const bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const GIB = 1024 ** 3;

/** The claim `koalaci.limits` of a token: any of these. */
export const LimitsClaim = z.strictObject({
  /** Builds at once, on all machines together. */
  running: count.min(1).optional(),
  /** Jobs that are queued or building. */
  queued: count.optional(),
  /** Logs that are followed, or read as a whole, at once, in one process. */
  followers: count.optional(),
  /** Requests in a minute, to one process. */
  requests: count.optional(),
  /** Bytes of logs and records in Redis. */
  logs: bytes.optional(),
  /** Bytes of packed artifacts. */
  artifacts: bytes.optional(),
});
export type LimitsClaim = z.infer<typeof LimitsClaim>;

/** `running` is each worker's own setting, unless the token says it. */
export interface UserLimits {
  running?: number;
  queued: number;
  followers: number;
  requests: number;
  logs: number;
  artifacts: number;
}
/** Of what a user keeps, in bytes. */
export type KeptKind = 'logs' | 'artifacts';
export type KeptLimits = Partial<Pick<UserLimits, KeptKind>>;

/**
 * Where the operator has set nothing: more than a panel needs, and less than a box can bear. In the 30 days for which they are
 * kept, the logs are of 64 builds that print without end, or of 600 a day with 50 KiB each; the artifacts are of 50 builds
 * as large as they may be, or of 80 a day with 20 MiB each.
 */
export const DEFAULT_LIMITS: UserLimits = {
  ...{ queued: 1_000, followers: 1_000, requests: 6_000 },
  ...{ logs: GIB, artifacts: 50 * GIB },
};

/** What counts for a request: the token's figures, else the operator's. */
export function limitsFor(operator: UserLimits, claim: LimitsClaim): UserLimits {
  const { running = operator.running, queued = operator.queued } = claim;
  const { followers = operator.followers, requests = operator.requests } = claim;
  const { logs = operator.logs, artifacts = operator.artifacts } = claim;
  const all = { queued, followers, requests, logs, artifacts };
  return running === undefined ? all : { ...all, running };
}

/** The error of a request that goes over a limit. `retryAfter` is in seconds. */
export function overLimit(what: string, most: number | string, retryAfter: number): KoalaError {
  return new KoalaError('over_limit', `your limit is reached: ${most} ${what}`, {
    remedy: `Try again in ${retryAfter} s, or have the operator raise it.`,
    retryAfter,
  });
}

const KEPT: Record<KeptKind, string> = { logs: 'logs and records', artifacts: 'artifacts' };

/** The error of a job whose user keeps too much, `bytes` of what may be `most`. */
export function overKept(
  kind: KeptKind,
  { bytes, most, retryAfter }: { bytes: number; most: number; retryAfter: number },
): KoalaError {
  const what = `of ${KEPT[kind]}, and ${showBytes(bytes)} are kept`;
  const { message } = overLimit(what, showBytes(most), retryAfter);
  return new KoalaError('over_limit', message, {
    remedy:
      'Use the id of a deployment that has ended, which this one replaces; or wait until old ones expire; or have the operator raise it.',
    retryAfter: Math.max(1, retryAfter),
  });
}
