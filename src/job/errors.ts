// Every error that a user can see has a kind, which decides the exit code and the HTTP status. The ending of a build is
// not an error: see ending.ts.

interface KindRow {
  /** Exit code of the command line. */
  exit: number;
  /** Status of the HTTP answer. */
  http: number;
}

const KINDS = {
  /** A bug in koalaci. */
  internal: { exit: 1, http: 500 },
  /** A payload, a flag or a setting does not fit. */
  bad_input: { exit: 2, http: 400 },
  /** A repository that is to be looked at cannot be fetched, or has more than may be looked at. */
  source_failed: { exit: 1, http: 400 },
  /** The body of a request is too large. */
  too_large: { exit: 2, http: 413 },
  /** A request wants bytes that the file does not have. */
  unsatisfiable: { exit: 2, http: 416 },
  /** There is no token, or it is not valid. */
  unauthorised: { exit: 3, http: 401 },
  /** It does not exist, or belongs to another user. */
  not_found: { exit: 4, http: 404 },
  /** Docker, Redis or another part of the machine is missing or does not answer. */
  environment: { exit: 5, http: 503 },
  /** The deployment is queued or building already, or has ended already. */
  conflict: { exit: 6, http: 409 },
  /** The user has as much of the service as they may. */
  over_limit: { exit: 6, http: 429 },
} satisfies Record<string, KindRow>;

export type ErrorKind = keyof typeof KINDS;
export const ERROR_KINDS = Object.keys(KINDS) as ErrorKind[];

/** What is wrong with one field of what was sent. `path`: `env.NAME`; empty for the whole. */
export interface FieldProblem {
  path: string;
  message: string;
}

/** An error that the user sees as it is: what happened, where, and (in `remedy`) what to do next. */
export class KoalaError extends Error {
  readonly kind: ErrorKind;
  readonly remedy: string | undefined;
  /** In how many seconds it may be tried again, if that is known. */
  readonly retryAfter: number | undefined;
  /** The fields that it is about. */
  readonly fields: readonly FieldProblem[];

  constructor(
    kind: ErrorKind,
    message: string,
    options: { remedy?: string; retryAfter?: number; fields?: readonly FieldProblem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'KoalaError';
    this.kind = kind;
    this.remedy = options.remedy;
    this.retryAfter = options.retryAfter;
    this.fields = options.fields ?? [];
  }
}

/** The process exit code for an error; an unknown error counts as our bug. */
export function exitCodeOf(error: unknown): number {
  return KINDS[error instanceof KoalaError ? error.kind : 'internal'].exit;
}

/** The HTTP status for an error of this kind. */
export function httpStatusOf(kind: ErrorKind): number {
  return KINDS[kind].http;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
