// Builds one job: claims it, runs the steps in a container, publishes the artifact, records the ending.
import { snapshotTag } from '../docker/names.js';
import { type Cause, endingOf } from '../job/ending.js';
import type { Base } from '../job/record.js';
import { Verdict } from '../job/verdict.js';
import { noteUse } from '../store/snapshot-uses.js';
import type { Build } from './build.js';
import { claimHere } from './claim-here.js';
import { conclude, type Outcome, requeue } from './conclude.js';
import type { PreparedJob, RequestedJob } from './job.js';
import { openReporter } from './open-reporter.js';
import { PostBuildProcess } from './post-build-process.js';
import { runTries } from './retry.js';
import { unmaskedNotice } from './unmasked.js';
import { uploadAfterReady } from './upload-step.js';

/** How long Redis remembers the use of a snapshot. */
const SNAPSHOT_USE_SECONDS = 180 * 86_400;

/**
 * Builds a job here and now. The outcome says why it ended.
 * @throws KoalaError `conflict` when the deployment is queued or building
 */
export async function buildJob(build: Build): Promise<Outcome> {
  await claimHere(build.settings, build.job);
  return buildClaimed(build);
}

/** Builds a job that this runner has claimed already. The outcome says why it ended. */
export async function buildClaimed(build: Build): Promise<Outcome> {
  const { job, settings, verdict } = build;
  const reporter = openReporter(job, { ...job.payload, credentials: job.credentials }, build);
  const { warm, cold = '' } = job.base;
  const base = warm ? { warm } : { cold };
  reporter.note({ base });
  screenStart(build, base);
  if (job.resumed?.notice) reporter.say(job.resumed.notice);
  if (job.reuse) reporter.say(job.reuse.why);
  if (job.baseNotice) reporter.say(job.baseNotice);
  const unmasked = unmaskedNotice(job.payload);
  if (unmasked) reporter.say(unmasked);
  if (job.base.warm) void noteUse(settings.redis, usedSnapshot(job), SNAPSHOT_USE_SECONDS).catch(() => {});
  using postBuild = new PostBuildProcess(settings.postBuildLog);
  const tried = await runTries({ ...build, postBuild, isBrief: false }, reporter);
  if (verdict.requeued) return requeue(tried.build, reporter);
  // Nobody's build is at fault: a job of the queue is built again.
  if (job.resumed && verdict.cause?.reason === 'runner_lost')
    return requeue(tried.build, reporter, verdict.cause);
  const audited = verdict.decided ? undefined : job.reuse?.audited;
  if (audited) await (await import('./audit.js')).audit(tried.build, reporter, audited);
  const outcome = await conclude(tried.build, reporter);
  if (tried.failure || outcome.ending.status !== 'READY')
    return tried.failure ? { ...outcome, failure: tried.failure } : outcome;
  if (job.reuse) await (await import('./reuse.js')).remember(job, settings, reporter);
  return { ...outcome, uploaded: uploadAfterReady({ job, settings }, outcome.record) };
}

/** Ends a claimed job that cannot be built, and writes the reason into its log. */
export async function refuseClaimed(
  job: Pick<RequestedJob, 'record' | 'resumed'>,
  { settings, screen }: Pick<Build, 'settings' | 'screen'>,
  cause: Cause,
): Promise<void> {
  const verdict = new Verdict();
  const reporter = openReporter(job, { project_repo_url: job.record.repo }, { settings, screen, verdict });
  screen.show({ type: 'started', record: job.record, warm: false });
  if (job.resumed?.notice) reporter.say(job.resumed.notice);
  await reporter.end(endingOf(cause));
}

function screenStart({ job, screen }: Build, base: Base): void {
  const reuse = job.reuse && { reuse: job.reuse.audited ? ('audit' as const) : ('miss' as const) };
  screen.show({ type: 'started', record: job.record, warm: base.warm !== undefined, base, ...reuse });
}

/** The default branch's snapshot has two names. Its use counts for the name of the branch. */
function usedSnapshot({ key, base }: PreparedJob): string {
  return snapshotTag({ ...key, branch: base.warm?.branch ?? key.branch });
}
