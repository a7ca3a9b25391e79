// Ends a build: removes its container, writes the final record or requeues the job, prepares the next build.
import { removeUntilGone } from '../docker/container.js';
import { savingName } from '../docker/names.js';
import { type Cause, type Ending, endingOf } from '../job/ending.js';
import { KoalaError, messageOf } from '../job/errors.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { REMOVAL_PATIENCE_MS } from '../settings/timing.js';
import { isWorthSaving } from '../snapshot/snapshot.js';
import type { Build, RunningBuild } from './build.js';
import type { BuildReporter } from './reporter.js';

export type Outcome =
  | {
      kind: 'ended';
      ending: Ending;
      record: Readonly<JobRecord>;
      /** The error behind ERROR/internal: a KoalaError such as a missing engine, or a bug. */
      failure?: unknown;
    }
  /** The runner is stopping, and has put the job back into its queue. */
  | { kind: 'requeued' };

/**
 * Ends a build. Records READY as soon as the artifact is published. Records CANCELED only after the engine has confirmed that
 * the container is gone; without that confirmation in time, the build ends as ERROR.
 */
export async function conclude(
  build: RunningBuild,
  reporter: BuildReporter,
): Promise<Extract<Outcome, { kind: 'ended' }>> {
  const decided = endingOf(build.verdict.cause);
  const ending = decided.status === 'READY' ? decided : await withoutContainer(build, decided);
  const told = await reporter.end(ending);
  if (told.status === 'READY') prepareNext(build, reporter);
  return { kind: 'ended', ending: told, record: reporter.record };
}

/** Puts the job back into its queue, or ends it if it was canceled in the meantime. */
export async function requeue({ container }: Build, reporter: BuildReporter): Promise<Outcome> {
  // If this fails, the container cannot write into the next attempt, and the reaper removes it later.
  await remove(container.sandbox.name, 0).catch(() => {});
  const ending = await reporter.requeue();
  return ending ? { kind: 'ended', ending, record: reporter.record } : { kind: 'requeued' };
}

/** Makes the cause of an ending from an error. */
export function causeOf(error: unknown): Cause {
  if (error instanceof KoalaError) {
    return { reason: 'internal', message: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) };
  }
  return {
    reason: 'internal',
    message: `koalaci failed: ${messageOf(error)}`,
    remedy: 'This is a bug in koalaci; please report it.',
  };
}

/** Removes the container and returns the ending, or an ERROR if a canceled build's container cannot be removed. */
async function withoutContainer({ container }: Build, ending: Ending): Promise<Ending> {
  const isCanceled = ending.status === 'CANCELED';
  try {
    await remove(container.sandbox.name, isCanceled ? REMOVAL_PATIENCE_MS : 0);
    return ending;
  } catch (error) {
    if (!isCanceled) return ending;
    return endingOf({
      reason: 'internal',
      message: `the build was canceled, but its container could not be removed: ${messageOf(error)}`,
      remedy:
        'It may still be running. The next koalaci on this machine removes it, once the Docker engine answers again.',
    });
  }
}

/** Removes the container under each of its names: handOver() may have renamed it. */
async function remove(name: string, patienceMs: number): Promise<void> {
  await removeUntilGone([name, savingName(name), savingName(name, true)], patienceMs);
}

/** Has the snapshot saved, and does not wait for it. */
function prepareNext({ job, container, postBuild, handedOver }: RunningBuild, reporter: BuildReporter): void {
  const { record, defaultBranch } = reporter;
  const { commit = '', endedAt = Date.now() }: Readonly<RecordFields> = record;
  // A job of less trust leaves nothing that another one starts from.
  const isReader = job.payload.cache === 'read';
  const isKnown = isReader || job.payload.project_default_branch !== undefined;
  const head = isKnown ? undefined : defaultBranch;
  postBuild.begin({
    container: handedOver ?? container.sandbox.name,
    sandbox: container.sandbox,
    key: job.key,
    ...(!isReader && isWorthSaving(job.base, record) ? { save: { commit, readyAt: endedAt } } : {}),
    ...(head === undefined ? {} : { head }),
  });
}
