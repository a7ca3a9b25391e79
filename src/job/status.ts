// The life of a deployment: its statuses and its steps.

export const STATUSES = ['QUEUED', 'BUILDING', 'READY', 'ERROR', 'CANCELED'] as const;
export type Status = (typeof STATUSES)[number];
/** Statuses that stay until the id is used again. */
export const FINAL_STATUSES = ['READY', 'ERROR', 'CANCELED'] as const satisfies Status[];
export type FinalStatus = (typeof FINAL_STATUSES)[number];

export const STEPS = ['source', 'toolchain', 'install', 'build', 'artifact', 'upload'] as const;
export type Step = (typeof STEPS)[number];

/** Whether a deployment has ended, so that its id may be used again. */
export function isFinal(status: Status): status is FinalStatus {
  return status !== 'QUEUED' && status !== 'BUILDING';
}
