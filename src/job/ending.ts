// How a deployment can end: a table of reasons, and everything that follows from a reason. Pure.
import type { Step } from './status.js';

/**
 * Whose fault an ending is: who has to change something to make the next build READY. The files of the project, what the job says
 * or is allowed, the machine with all that belongs to it, or a service elsewhere, such as a registry.
 */
export const FAULTS = ['project', 'job', 'operator', 'service'] as const;
export type Fault = (typeof FAULTS)[number];

/** What ends a build: it failed by itself, it hit a limit, the machine or koalaci failed, or its user wanted so. */
type Kind = 'failure' | 'limit' | 'machine' | 'user';

interface Row {
  status: 'ERROR' | 'CANCELED';
  kind: Kind;
  /** Whose fault it is, where the failure itself does not tell. Of what the user wanted, nobody's. */
  fault: Fault | undefined;
  /** Exit code of a command that waited for the end: 124 as for timeout(1), 130 as in a shell after Ctrl-C. */
  exit: number;
  /** What it means, in a sentence without a full stop. */
  means: string;
}

/** The table of reasons. A row makes sure that a reason has a status, a kind, a fault, an exit code and a meaning. */
export const ENDINGS = {
  source_failed: row('failure', 'project', 'the source could not be fetched, or may not be built here'),
  install_failed: row(
    'failure',
    'project',
    'Node, the package manager or the dependencies could not be installed',
  ),
  build_failed: row('failure', 'project', 'the build command failed'),
  dist_missing: row('failure', 'project', 'the build left no dist directory, or an empty one'),
  timed_out: { ...row('limit', 'job', 'the build took longer than allowed'), exit: 124 },
  silent: row('limit', 'job', 'the build printed nothing for too long'),
  out_of_memory: row('limit', 'job', 'the build used more memory than allowed'),
  pids_limit: row('limit', 'job', 'the build started more processes and threads than allowed'),
  disk_limit: row('limit', 'job', 'the build wrote more to disk than allowed'),
  log_limit: row('limit', 'job', 'the build printed more than allowed'),
  artifact_limit: row('limit', 'job', 'the dist directory has more than allowed'),
  upload_failed: row(
    'machine',
    'operator',
    'the artifact is there, but could not be uploaded to where it is served from',
  ),
  user_limit: row('limit', 'job', 'the user keeps as many bytes of logs or artifacts as allowed'),
  runner_lost: row(
    'machine',
    'operator',
    'the runner died or was cut off during the build, or its container was stopped',
  ),
  secret_in_artifact: row('failure', 'project', "a secret of the job's is in what was to be shipped"),
  internal: row('machine', 'operator', 'koalaci, or something on the machine that it needs, failed'),
  skipped: {
    status: 'CANCELED',
    kind: 'user',
    fault: undefined,
    // Nothing was to be done, and nothing went wrong.
    exit: 0,
    means: "the commit's message or the ignore command says that there is nothing to build",
  },
  canceled: {
    status: 'CANCELED',
    kind: 'user',
    fault: undefined,
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
  /** Whose fault it is, where the failure tells. */
  fault?: Fault;
  /** The lines of the output that matter: ten at most. */
  extract?: string[];
}

export type Ending =
  | { status: 'READY' }
  | (Cause & { status: 'ERROR'; reason: ReasonOf<'ERROR'> })
  | (Cause & { status: 'CANCELED'; reason: ReasonOf<'CANCELED'> });

/** The ending that a cause leads to; without a cause it is READY. */
export function endingOf(cause: Cause | undefined): Ending {
  if (!cause) return { status: 'READY' };
  const { status, fault } = ENDINGS[cause.reason];
  return { status, ...(fault ? { fault } : {}), ...cause } as Ending;
}

/** Exit code of a command that waited for this ending. */
export function exitCodeOfEnding(ending: Ending): number {
  return ending.status === 'READY' ? 0 : ENDINGS[ending.reason].exit;
}

/** The same of a deployment. One of a service of a later version may have another reason than those that are known here. */
export function exitCodeOfEnded({ status, reason }: { status: string; reason?: string }): number {
  if (status === 'READY') return 0;
  return ENDINGS[reason as Reason]?.exit ?? 1;
}

const FAULT_WORDS: Record<Fault, string> = {
  project: "the project's files",
  job: 'what the job says or is allowed',
  operator: 'the machine, or its operator',
  service: 'a service elsewhere',
};

/**
 * Status, reason, message and step; what to try; the lines that matter; then whose fault it is, and the command that shows the whole
 * log of the step, in a line that can be copied. Empty for READY.
 */
export function describeEnding(ending: Ending, deployment?: string): string[] {
  if (ending.status === 'READY') return [];
  const where = ending.step ? `, in step ${ending.step}` : '';
  const code = ending.exitCode === undefined ? '' : ` (exit code ${ending.exitCode})`;
  const what = ending.reason === 'canceled' ? 'CANCELED' : `${ending.status} ${ending.reason}`;
  return [
    `${what}: ${ending.message}${where}${code}`,
    ...(ending.remedy ? [ending.remedy] : []),
    ...(ending.extract ?? []).map((line) => `│ ${line}`),
    ...(ending.status === 'ERROR' && ending.fault ? [`At fault: ${FAULT_WORDS[ending.fault]}`] : []),
    ...(ending.status === 'ERROR' && deployment
      ? [`The whole log: koalaci logs ${deployment} --failed`]
      : []),
  ];
}

/** The reasons that lead to a status, as a list. */
export function reasonsOf<S extends Row['status']>(status: S): ReasonOf<S>[] {
  return REASONS.filter((reason) => ENDINGS[reason].status === status) as ReasonOf<S>[];
}

function row<K extends Kind>(kind: K, fault: Fault, means: string) {
  return { status: 'ERROR', kind, fault, exit: 1, means } as const;
}
