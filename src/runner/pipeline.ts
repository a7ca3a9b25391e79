// One job from claim to ending. Reads like the design: claim, run the steps in a container, pack the artifact, record.
import type { Redis } from 'ioredis';
import { removeContainers, writtenBytes } from '../docker/container.js';
import { savingName, snapshotTag } from '../docker/names.js';
import { KoalaError, messageOf } from '../job/errors.js';
import type { Limits } from '../job/limits.js';
import type { JobRecord } from '../job/record.js';
import { type Cause, type Ending, endingOf } from '../job/status.js';
import { Verdict } from '../job/verdict.js';
import type { BuildContainer } from '../sandbox/container.js';
import { execute } from '../sandbox/execute.js';
import type { Sandbox } from '../sandbox/flags.js';
import { handOver, isWorthSaving } from '../snapshot/snapshot.js';
import { claim, load, markLost } from '../store/jobs.js';
import { Recorder } from '../store/recorder.js';
import { noteUse } from '../store/snapshot-uses.js';
import type { ArtifactDirectory } from '../upload/directory.js';
import { ArtifactStep } from './artifact-step.js';
import type { Screen } from './events.js';
import type { Job } from './job.js';
import { startPostBuild } from './post-build.js';
import { BuildReporter, type Secrets } from './reporter.js';
import { isDead } from './runner-id.js';
import { Watch } from './watch.js';

/** A snapshot that nobody uses for so long is not remembered. */
const SNAPSHOT_USE_SECONDS = 180 * 86_400;

/** What the operator has set up. */
export interface BuildSettings {
  redis: Redis;
  limits: Limits;
  retentionSeconds: number;
  artifacts: ArtifactDirectory;
  /** A file for what goes wrong after a build has ended. */
  postBuildLog: string;
  /** For jobs of the queue: how long a build waits for a Redis that is away, before it is published and when it has ended. */
  patienceMs?: number;
}

export interface Outcome {
  ending: Ending;
  record: Readonly<JobRecord>;
  /** What stood behind an ERROR/internal: the engine is missing (a KoalaError), or a bug. */
  failure?: unknown;
  /** The build was stopped without an end, and its job is queued again. */
  requeued?: boolean;
}

/**
 * Builds a job here and now. Why it ended is in the outcome.
 * @throws KoalaError `conflict` when the deployment is queued or building
 */
export async function buildJob(
  job: Job,
  container: BuildContainer,
  settings: BuildSettings,
  screen: Screen,
  verdict: Verdict,
): Promise<Outcome> {
  await claimHere(settings, job.record);
  return buildClaimed(job, container, settings, screen, verdict);
}

/** Builds a job whose id is taken already. Why it ended is in the outcome. */
export async function buildClaimed(
  job: Job,
  container: BuildContainer,
  settings: BuildSettings,
  screen: Screen,
  verdict: Verdict,
): Promise<Outcome> {
  const reporter = openReporter(job, job.payload, settings, screen, verdict);
  if (job.base.warm) void noteUse(settings.redis, usedSnapshot(job), SNAPSHOT_USE_SECONDS).catch(() => {});
  const failure = await work(container, settings, reporter, verdict).catch((error: unknown) => {
    verdict.decide(causeOf(error));
    return error;
  });
  if (verdict.requeued) return requeue(reporter, container.sandbox);
  const ending = await conclude(reporter, verdict, job, container.sandbox, settings);
  return { ending, record: reporter.record, ...(failure ? { failure } : {}) };
}

/** Ends a job whose id is taken and that cannot be built, with the reason in its log. */
export async function refuseClaimed(
  job: Pick<Job, 'record' | 'resumed'>,
  settings: BuildSettings,
  screen: Screen,
  cause: Cause,
): Promise<Outcome> {
  const secrets = { project_repo_url: job.record.repo };
  const reporter = openReporter(job, secrets, settings, screen, new Verdict());
  const ending = await reporter.end(endingOf(cause));
  return { ending, record: reporter.record };
}

function openReporter(
  { record, resumed, base }: Pick<Job, 'record' | 'resumed'> & Partial<Pick<Job, 'base'>>,
  secrets: Secrets,
  settings: BuildSettings,
  screen: Screen,
  verdict: Verdict,
): BuildReporter {
  const recorder = new Recorder(settings.redis, record, {
    logLimit: settings.limits.log,
    retentionSeconds: settings.retentionSeconds,
    onCancel: (why) => verdict.decide({ reason: 'canceled', message: why }),
    onLost: () =>
      verdict.decide({ reason: 'runner_lost', message: "the job has ended, or is another runner's by now" }),
    ...(resumed ? { from: resumed.from } : {}),
    ...(settings.patienceMs ? { patienceMs: settings.patienceMs } : {}),
  });
  const reporter = new BuildReporter(recorder, screen, verdict, secrets);
  screen.show({ type: 'started', record, warm: base?.warm !== undefined });
  if (resumed?.notice) reporter.say(resumed.notice);
  return reporter;
}

async function requeue(reporter: BuildReporter, { name }: Sandbox): Promise<Outcome> {
  await discard(name);
  const ending = await reporter.requeue();
  if (ending) return { ending, record: reporter.record };
  const lost: Ending = { status: 'ERROR', reason: 'runner_lost', message: 'the runner stops' };
  return { ending: lost, record: reporter.record, requeued: true };
}

/** The default branch's snapshot has two names: its use counts for its branch. */
function usedSnapshot({ record, base }: Job): string {
  return snapshotTag({ ...record, branch: base.warm?.branch ?? record.branch });
}

/** Claims the id. One that a dead runner of this machine still holds is ended first: its lease need not run out. */
async function claimHere({ redis, retentionSeconds }: BuildSettings, record: JobRecord): Promise<void> {
  try {
    await claim(redis, record, retentionSeconds);
  } catch (conflict) {
    const holder = await load(redis, record);
    if (!isDead(holder.runner ?? '')) throw conflict;
    await markLost(redis, record, holder.attempt);
    await claim(redis, record, retentionSeconds);
  }
}

async function work(
  container: BuildContainer,
  settings: BuildSettings,
  reporter: BuildReporter,
  verdict: Verdict,
): Promise<void> {
  const { name, limits } = container.sandbox;
  const artifactStep = new ArtifactStep(settings, reporter);
  let handedOver: Promise<void> | undefined;
  await using _ = artifactStep;
  using watch = new Watch({ limits, verdict, step: () => reporter.step, diskUsed: () => writtenBytes(name) });
  await execute({
    container,
    verdict,
    onLog: (data) => reporter.output(data.subarray(0, watch.sawOutput(data.length))),
    onArchive: (data) => {
      const cause = artifactStep.write(data);
      if (cause) verdict.decide(cause);
    },
    onEvent: (event) => {
      reporter.event(event);
      // While it still runs: the engine makes who names a container that stops wait for it.
      if (event.event === 'archive_started') handedOver = handOver(name);
    },
    // What does not take its output holds the build back, but not its end.
    ready: () => (verdict.cause ? undefined : (artifactStep.ready() ?? reporter.screenReady())),
  });
  if (verdict.cause) return;
  const [cause] = await Promise.all([artifactStep.send(), handedOver]);
  if (cause) verdict.decide(cause);
}

/**
 * READY is recorded as soon as the artifact is there; every other status only when the container is gone,
 * so that CANCELED is never said of a build that still runs.
 */
async function conclude(
  reporter: BuildReporter,
  verdict: Verdict,
  job: Job,
  sandbox: Sandbox,
  settings: BuildSettings,
): Promise<Ending> {
  const ending = endingOf(verdict.cause);
  if (ending.status !== 'READY') await discard(sandbox.name);
  const told = await reporter.end(ending);
  if (ending.status === 'READY') keep(reporter.record, job, sandbox, settings.postBuildLog);
  return told;
}

/** Removes the container of a build, whether or not it was handed over already. */
async function discard(name: string): Promise<void> {
  await removeContainers([name, savingName(name)]).catch(() => {});
}

/** What the next build can start from is made when the command has ended. */
function keep(record: Readonly<JobRecord>, { base }: Job, sandbox: Sandbox, postBuildLog: string): void {
  const { user, project, branch, commit = '' } = record;
  const key = { user, project, branch };
  const container = savingName(sandbox.name);
  const task = { container, sandbox, key, ...(isWorthSaving(base, record) ? { commit } : {}) };
  startPostBuild(task, postBuildLog);
}

function causeOf(error: unknown): Cause {
  if (error instanceof KoalaError) {
    return { reason: 'internal', message: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) };
  }
  return {
    reason: 'internal',
    message: `koalaci failed: ${messageOf(error)}`,
    remedy: 'This is a bug of koalaci; please report it.',
  };
}
