// Ends a build: removes its container, writes the final record or requeues the job, prepares the next build.
import { removeUntilGone } from '../docker/container.js';
import { type Cause, ENDINGS, type Ending, endingOf } from '../job/ending.js';
import { KoalaError, messageOf } from '../job/errors.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { REMOVAL_PATIENCE_MS } from '../settings/timing.js';
import { isWorthSaving } from '../snapshot/snapshot.js';
import type { Build, RunningBuild } from './build.js';
import { isReader } from './job.js';
import { keepFailed } from './keep.js';
import type { PostBuildWork } from './post-build-process.js';
import { prove } from './prove.js';
import type { BuildReporter } from './reporter.js';

export type Outcome =
  | {
      kind: 'ended';
      ending: Ending;
      record: Readonly<JobRecord>;
      /** The error behind ERROR/internal: a KoalaError such as a missing engine, or a bug. */
      failure?: unknown;
      /** The upload, where READY does not wait for it. Resolves with why it failed, if it did. */
      uploaded?: Promise<string | undefined>;
      /** The work after READY, which goes on. */
      postBuild?: PostBuildWork;
    }
  /** The runner is stopping, and has put the job back into its queue. */
  | { kind: 'requeued' };

type ErrorEnding = Exclude<Ending, { status: 'READY' }>;

/**
 * Ends a build. Records READY as soon as the artifact is published. Records a cancel or a limit only after the engine has
 * confirmed that the container is gone; without that confirmation in time, the build ends as ERROR/internal.
 */
export async function conclude(
  build: RunningBuild,
  reporter: BuildReporter,
): Promise<Extract<Outcome, { kind: 'ended' }>> {
  const decided = endingOf(build.verdict.cause);
  const isKept = await keepFailed(build, decided, reporter);
  const ending = decided.status === 'READY' || isKept ? decided : await withoutContainer(build, decided);
  const told = await reporter.end(ending);
  const postBuild = told.status === 'READY' ? prepareNext(build, reporter) : undefined;
  if (told.status === 'READY' && !build.job.isReproduction) prove(build, reporter);
  return { kind: 'ended', ending: told, record: reporter.record, ...(postBuild ? { postBuild } : {}) };
}

/** Puts the job back into its queue, or ends it if it was canceled in the meantime, or has `lost` its container too often. */
export async function requeue(
  build: Build | undefined,
  reporter: BuildReporter,
  lost?: Cause,
): Promise<Outcome> {
  // If this fails, the container cannot write into the next attempt, and the reaper removes it later.
  if (build) await removeUntilGone(build.container.address, 0).catch(() => {});
  const ending = await reporter.requeue(lost);
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

/** Removes the container and returns the ending, or an ERROR if the container of a build that was stopped cannot be removed. */
async function withoutContainer({ container }: Build, ending: ErrorEnding): Promise<Ending> {
  const { kind } = ENDINGS[ending.reason];
  // Others ended by themselves, or because the engine is away.
  const isStopped = kind === 'limit' || kind === 'user';
  try {
    await removeUntilGone(container.address, isStopped ? REMOVAL_PATIENCE_MS : 0);
    return ending;
  } catch (error) {
    if (!isStopped) return ending;
    const what = kind === 'user' ? 'was canceled' : `was stopped (${ending.message})`;
    return endingOf({
      reason: 'internal',
      message: `the build ${what}, but its container could not be removed: ${messageOf(error)}`,
      remedy:
        'It may still be running. The next koalaci on this machine removes it, once the Docker engine answers again.',
    });
  }
}

/** Has the snapshot saved, and does not wait for it. */
function prepareNext(
  { job, container, postBuild, isBrief }: RunningBuild,
  reporter: BuildReporter,
): PostBuildWork {
  const { record, defaultBranch } = reporter;
  const { commit = '', endedAt = Date.now() }: Readonly<RecordFields> = record;
  const reads = isReader(job);
  const isKnown = reads || job.payload.project_default_branch !== undefined;
  const head = isKnown ? undefined : defaultBranch;
  return postBuild.begin({
    container: container.address,
    isBrief,
    sandbox: container.sandbox,
    key: job.key,
    ...(!reads && isWorthSaving(job.base, record) ? { save: { commit, readyAt: endedAt } } : {}),
    ...(head === undefined ? {} : { head }),
  });
}
