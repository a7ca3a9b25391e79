// Builds one job: claims it, runs the steps in a container, publishes the artifact, records the ending.
import { snapshotTag } from '../docker/names.js';
import { type Cause, endingOf } from '../job/ending.js';
import { KoalaError } from '../job/errors.js';
import type { BuildingRecord, RecordFields } from '../job/record.js';
import { Verdict } from '../job/verdict.js';
import { claim, load, markLost } from '../store/jobs.js';
import { Recorder } from '../store/recorder.js';
import { noteUse } from '../store/snapshot-uses.js';
import type { Build, BuildSettings } from './build.js';
import { conclude, type Outcome, requeue } from './conclude.js';
import type { PreparedJob, RequestedJob } from './job.js';
import { PostBuildProcess } from './post-build-process.js';
import { BuildReporter, type Secrets } from './reporter.js';
import { runTries } from './retry.js';
import { isDead } from './runner-id.js';
import { unmaskedNotice } from './unmasked.js';
import { uploadAfterReady } from './upload-step.js';

/** How long Redis remembers the use of a snapshot. */
const SNAPSHOT_USE_SECONDS = 180 * 86_400;

/**
 * Builds a job here and now. The outcome says why it ended.
 * @throws KoalaError `conflict` when the deployment is queued or building
 */
export async function buildJob(build: Build): Promise<Outcome> {
  await claimHere(build.settings, build.job.record);
  return buildClaimed(build);
}

/** Builds a job that this runner has claimed already. The outcome says why it ended. */
export async function buildClaimed(build: Build): Promise<Outcome> {
  const { job, settings, verdict } = build;
  const reporter = openReporter(job, { ...job.payload, credentials: job.credentials }, build);
  screenStart(build);
  if (job.resumed?.notice) reporter.say(job.resumed.notice);
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
  const outcome = await conclude(tried.build, reporter);
  if (tried.failure) return { ...outcome, failure: tried.failure };
  return outcome.ending.status === 'READY'
    ? { ...outcome, uploaded: uploadAfterReady({ job, settings }, outcome.record) }
    : outcome;
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

function screenStart({ job, screen }: Build): void {
  screen.show({ type: 'started', record: job.record, warm: job.base.warm !== undefined });
}

function openReporter(
  { record, resumed }: Pick<RequestedJob, 'record' | 'resumed'>,
  secrets: Omit<Secrets, 'operator' | 'places'>,
  { settings, screen, verdict }: Pick<Build, 'settings' | 'screen' | 'verdict'>,
): BuildReporter {
  const recorder = new Recorder(settings.redis, record, {
    logLimit: settings.limits.log,
    retentionSeconds: settings.retentionSeconds,
    onCancel: (why) => verdict.decide({ reason: 'canceled', message: why }),
    onLost: () =>
      verdict.decide({ reason: 'runner_lost', message: 'the job has ended, or another runner has it now' }),
    ...(resumed ? { from: resumed.from } : {}),
    ...(settings.patienceMs ? { patienceMs: settings.patienceMs } : {}),
  });
  const { secrets: operator, hidesPlaces = false } = settings;
  return new BuildReporter(recorder, screen, { ...secrets, operator, places: hidesPlaces }, verdict);
}

/** The default branch's snapshot has two names. Its use counts for the name of the branch. */
function usedSnapshot({ key, base }: PreparedJob): string {
  return snapshotTag({ ...key, branch: base.warm?.branch ?? key.branch });
}

/** Claims the id. If a dead runner of this machine holds it, that job ends first, without waiting for its lease to expire. */
async function claimHere({ redis, retentionSeconds }: BuildSettings, record: BuildingRecord): Promise<void> {
  try {
    await claim(redis, record, retentionSeconds);
  } catch (conflict) {
    if (!(conflict instanceof KoalaError && conflict.kind === 'conflict')) throw conflict;
    const { runner = '', attempt }: RecordFields = await load(redis, record);
    if (!isDead(runner)) throw conflict;
    await markLost(redis, record, attempt);
    await claim(redis, record, retentionSeconds);
  }
}
