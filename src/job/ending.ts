// How a deployment can end: a table of reasons, and everything that follows from a reason. Pure.
import type { Step } from './status.js';

/** Whose fault an ending is: who has to change something to make the next build READY. */
export type Fault = 'project' | 'limit' | 'operator' | 'koalaci' | 'user';

interface Row {
  status: 'ERROR' | 'CANCELED';
  fault: Fault;
  /** Exit code of a command that waited for the end: 124 as for timeout(1), 130 as in a shell after Ctrl-C. */
  exit: number;
  /** What it means, in a sentence without a full stop. */
  means: string;
}

/** The table of reasons. A row makes sure that a reason has a status, a fault, an exit code and a meaning. */
export const ENDINGS = {
  source_failed: row('project', 'the source could not be fetched, or may not be built here'),
  install_failed: row('project', 'Node, the package manager or the dependencies could not be installed'),
  build_failed: row('project', 'the build command failed'),
  dist_missing: row('project', 'the build left no dist directory, or an empty one'),
  timed_out: { ...row('limit', 'the build took longer than allowed'), exit: 124 },
  silent: row('limit', 'the build printed nothing for too long'),
  out_of_memory: row('limit', 'the build used more memory than allowed'),
  pids_limit: row('limit', 'the build started more processes and threads than allowed'),
  disk_limit: row('limit', 'the build wrote more to disk than allowed'),
  log_limit: row('limit', 'the build printed more than allowed'),
  artifact_limit: row('limit', 'the dist directory has more than allowed'),
  upload_failed: row(
    'operator',
    'the artifact is there, but could not be uploaded to where it is served from',
  ),
  user_limit: row('limit', 'the user keeps as many bytes of logs or artifacts as allowed'),
  runner_lost: row(
    'operator',
    'the runner died or was cut off during the build, or its container was stopped',
  ),
  secret_in_artifact: row('project', "a secret of the job's is in what was to be shipped"),
  internal: row('koalaci', 'koalaci, or something on the machine that it needs, failed'),
  skipped: {
    status: 'CANCELED',
    fault: 'user',
    // Nothing was to be done, and nothing went wrong.
    exit: 0,
    means: "the commit's message or the ignore command says that there is nothing to build",
  },
  canceled: {
    status: 'CANCELED',
    fault: 'user',
    exit: 130,
    means: 'the user canceled it, or a newer job superseded it',
  },
} as const satisfies Record<string, Row>;

export type Reason = keyof typeof ENDINGS;
/** The reasons that lead to a status. */
export type ReasonOf<S extends Row['status']> = {
  [R in Reason]: (typeof ENDINGS)[R]['status'] extends S ? R : never;
}[Reason];

export const REASONS = Object.keys(ENDINGS) as Reason[];

/** Why a build did not become READY. The code that detects a cause records it; the first one counts. */
export interface Cause {
  reason: Reason;
  step?: Step;
  /** Exit code of the step's command, if that ended. */
  exitCode?: number;
  /** What happened, in one sentence without a full stop. */
  message: string;
  /** What to try, in one sentence. */
  remedy?: string;
}

export type Ending =
  | { status: 'READY' }
  | (Cause & { status: 'ERROR'; reason: ReasonOf<'ERROR'> })
  | (Cause & { status: 'CANCELED'; reason: ReasonOf<'CANCELED'> });

/** The ending that a cause leads to; without a cause it is READY. */
export function endingOf(cause: Cause | undefined): Ending {
  if (!cause) return { status: 'READY' };
  return { status: ENDINGS[cause.reason].status, ...cause } as Ending;
}

/** Exit code of a command that waited for this ending. */
export function exitCodeOfEnding(ending: Ending): number {
  return ending.status === 'READY' ? 0 : ENDINGS[ending.reason].exit;
}

/** One or two lines: status, reason, message and step, then what to try. Empty for READY. */
export function describeEnding(ending: Ending): string[] {
  if (ending.status === 'READY') return [];
  const where = ending.step ? `, in step ${ending.step}` : '';
  const code = ending.exitCode === undefined ? '' : ` (exit code ${ending.exitCode})`;
  const what = ending.reason === 'canceled' ? 'CANCELED' : `${ending.status} ${ending.reason}`;
  return [`${what}: ${ending.message}${where}${code}`, ...(ending.remedy ? [ending.remedy] : [])];
}

/** The reasons that lead to a status, as a list. */
export function reasonsOf<S extends Row['status']>(status: S): ReasonOf<S>[] {
  return REASONS.filter((reason) => ENDINGS[reason].status === status) as ReasonOf<S>[];
}

function row<F extends Fault>(fault: F, means: string) {
  return { status: 'ERROR', fault, exit: 1, means } as const;
}
