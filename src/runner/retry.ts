// Tries a build once more from nothing, if its build step failed on what the last build left, or went silent on it.
import { removeUntilGone } from '../docker/container.js';
import { snapshotTag } from '../docker/names.js';
import { type Cause, ENDINGS } from '../job/ending.js';
import { TryVerdict } from '../job/verdict.js';
import { BuildContainer } from '../sandbox/container.js';
import { REMOVAL_PATIENCE_MS } from '../settings/timing.js';
import { forgetFailedTwice, hasFailedTwice, noteFailedTwice } from '../store/failed-twice.js';
import type { Build, RunningBuild } from './build.js';
import { fromNothing, isReader } from './job.js';
import { runTry, type Tried } from './one-try.js';
import type { BuildReporter } from './reporter.js';
import { namesSourceError } from './source-errors.js';

/** Runs the steps of a build; a warm build's once more from nothing, where that may help. The verdict says how it went. */
export async function runTries(build: RunningBuild, reporter: BuildReporter): Promise<Tried> {
  const since = performance.now();
  const { verdict } = build;
  if (!build.job.base.warm) return ended(await runTry(build, { reporter, verdict, since }));
  const first = new TryVerdict(verdict, (cause) => mayRetry(cause, reporter.stepOutput));
  const tried = await runTry(build, { reporter, verdict: first, since });
  if (!first.cause) return ended(tried);
  if (!(await makeWay(tried.build, reporter))) {
    verdict.decide(first.cause);
    return tried;
  }
  reporter.retry(first.cause, noticeOf(first.cause));
  const again = await runTry(startAgain(tried.build), { reporter, verdict, since });
  noteSecond(again.build);
  return ended(again);
}

/**
 * Whether what the last build left may be why a build stopped. It is not where the tool's own words name a file of the
 * project: whoever pushed waits for those.
 */
export function mayRetry({ reason, step }: Cause, output: string): boolean {
  return step === 'build' && (reason === 'build_failed' || reason === 'silent') && !namesSourceError(output);
}

/**
 * Whether the ending of a second try says that the snapshot was not at fault. It does not where the second try got less far
 * than the first one, say because a registry did not answer.
 */
export function isAnswer({ reason, step }: Cause): boolean {
  const { kind } = ENDINGS[reason];
  return kind === 'limit' || (kind === 'failure' && (step === 'build' || step === 'artifact'));
}

/** Decides whether there is a second try, and removes the container of the first one. */
async function makeWay(
  { job, container, settings, verdict }: Build,
  reporter: BuildReporter,
): Promise<boolean> {
  if (!job.base.warm) return false;
  // If Redis is away, the worst is a try too many.
  if (await hasFailedTwice(settings.redis, snapshotTag(job.key)).catch(() => false)) {
    reporter.say('not built once more from nothing, which did not help the last build; --no-cache does it');
    return false;
  }
  const isGone = await removeUntilGone(container.address, REMOVAL_PATIENCE_MS).then(
    () => true,
    () => false,
  );
  return isGone && !verdict.decided;
}

/** Starts a container from the builder image, under the name of the first one, which the record has. */
function startAgain(build: RunningBuild): RunningBuild {
  const { sandbox, input } = build.container;
  const { fallback, ...kept } = sandbox;
  const container = BuildContainer.start({ ...kept, image: fallback ?? kept.image }, input);
  return { ...build, job: fromNothing(build.job), container };
}

function noticeOf({ reason, exitCode, message }: Cause): string {
  const what = reason === 'silent' ? 'went silent' : 'failed';
  const how = exitCode === undefined ? message : `exit code ${exitCode}`;
  return `the build ${what} on what the last build left (${how}); building once more from nothing`;
}

function noteSecond({ job, settings, verdict }: Build): void {
  if (!verdict.cause || !isAnswer(verdict.cause) || isReader(job)) return;
  const { redis, retentionSeconds } = settings;
  void noteFailedTwice(redis, snapshotTag(job.key), retentionSeconds).catch(() => {});
}

/** A READY build ends a row of failures. */
function ended(tried: Tried): Tried {
  const { job, settings, verdict } = tried.build;
  if (!verdict.decided && !isReader(job))
    void forgetFailedTwice(settings.redis, snapshotTag(job.key)).catch(() => {});
  return tried;
}
