// The life of a deployment: its statuses, why it may end, and how an ending is told in one sentence.

export const STATUSES = ['QUEUED', 'BUILDING', 'READY', 'ERROR', 'CANCELED'] as const;
export type Status = (typeof STATUSES)[number];

export const STEPS = ['source', 'toolchain', 'install', 'build', 'artifact', 'upload'] as const;
export type Step = (typeof STEPS)[number];

export const REASONS = [
  'build_failed',
  'install_failed',
  'source_failed',
  'dist_missing',
  'timed_out',
  'out_of_memory',
  'disk_limit',
  'pids_limit',
  'log_limit',
  'silent',
  'source_limit',
  'artifact_limit',
  'upload_failed',
  'runner_lost',
  'canceled',
  'internal',
] as const;
export type Reason = (typeof REASONS)[number];

/** Why a build did not become READY. Recorded where it is decided; the first one counts. */
export interface Cause {
  reason: Reason;
  step?: Step;
  /** Exit code of the step's command, where one ended. */
  exitCode?: number;
  /** What happened, in one sentence without a full stop. */
  message: string;
  /** What to try, in one sentence. */
  remedy?: string;
}

export type Ending = { status: 'READY' } | ({ status: 'ERROR' | 'CANCELED' } & Cause);

const NEXT: Record<Status, readonly Status[]> = {
  QUEUED: ['BUILDING', 'ERROR', 'CANCELED'],
  BUILDING: ['READY', 'ERROR', 'CANCELED', 'QUEUED'],
  READY: [],
  ERROR: [],
  CANCELED: [],
};

/** Whether a deployment may go from one status to another. BUILDING → QUEUED is a job given back by a runner that stops. */
export function mayBecome(from: Status, to: Status): boolean {
  return NEXT[from].includes(to);
}

/** Whether a deployment has ended, so that its id may be used again. */
export function isFinal(status: Status): boolean {
  return NEXT[status].length === 0;
}

/** The ending that a cause leads to: only a cancel is not an error. */
export function endingOf(cause: Cause | undefined): Ending {
  if (!cause) return { status: 'READY' };
  return { status: cause.reason === 'canceled' ? 'CANCELED' : 'ERROR', ...cause };
}

/** Exit code of a command that waited for this ending (124 is what timeout(1) uses, 130 what a shell reports for Ctrl-C). */
export function exitCodeOfEnding(ending: Ending): number {
  if (ending.status === 'READY') return 0;
  if (ending.status === 'CANCELED') return 130;
  return ending.reason === 'timed_out' ? 124 : 1;
}
