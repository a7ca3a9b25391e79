// One job from claim to ending. Reads like the design: claim, run the steps in a container, pack the artifact, record.
import type { Redis } from 'ioredis';
import { removeContainers, writtenBytes } from '../docker/container.js';
import { KoalaError, messageOf } from '../job/errors.js';
import type { Limits } from '../job/limits.js';
import type { JobRecord } from '../job/record.js';
import { type Cause, type Ending, endingOf } from '../job/status.js';
import { claim, load, lose } from '../store/jobs.js';
import { Recorder } from '../store/recorder.js';
import type { ArtifactDirectory } from '../upload/directory.js';
import { startAftercare } from './aftercare.js';
import type { Screen } from './events.js';
import { execute } from './execute.js';
import type { Job } from './job.js';
import { Journal } from './journal.js';
import { isDead } from './runner.js';
import type { Sandbox } from './sandbox.js';
import { Shipment } from './shipment.js';
import { handOver, isWorthSaving } from './snapshot.js';
import type { Standby } from './standby.js';
import type { Verdict } from './verdict.js';
import { Watch } from './watch.js';

/** What the operator has set up. */
export interface Workshop {
  redis: Redis;
  limits: Limits;
  retentionSeconds: number;
  artifacts: ArtifactDirectory;
}

export interface Outcome {
  ending: Ending;
  record: Readonly<JobRecord>;
  /** What stood behind an ERROR/internal: the engine is missing (a KoalaError), or a bug. */
  failure?: unknown;
}

/**
 * Builds a job here and now. Why it ended is in the outcome.
 * @throws KoalaError `conflict` when the deployment is queued or building
 */
export async function buildJob(
  job: Job,
  container: Standby,
  workshop: Workshop,
  screen: Screen,
  verdict: Verdict,
): Promise<Outcome> {
  const { record } = job;
  await take(workshop, record);
  const recorder = new Recorder(workshop.redis, record, {
    logLimit: workshop.limits.log,
    retentionSeconds: workshop.retentionSeconds,
    onCancel: () => verdict.decide({ reason: 'canceled', message: 'canceled' }),
  });
  const journal = new Journal(recorder, screen, verdict, job.payload);
  screen.show({ type: 'started', record });
  const failure = await work(container, workshop, journal, verdict).catch((error: unknown) => {
    verdict.decide(causeOf(error));
    return error;
  });
  const ending = await conclude(journal, verdict, job, container.sandbox);
  return { ending, record: recorder.record, ...(failure ? { failure } : {}) };
}

/** Claims the id. One that a dead runner of this machine still holds is ended first: its lease need not run out. */
async function take({ redis, retentionSeconds }: Workshop, record: JobRecord): Promise<void> {
  try {
    await claim(redis, record, retentionSeconds);
  } catch (conflict) {
    const holder = await load(redis, record);
    if (!isDead(holder.runner ?? '')) throw conflict;
    await lose(redis, record, holder.run);
    await claim(redis, record, retentionSeconds);
  }
}

async function work(
  container: Standby,
  workshop: Workshop,
  journal: Journal,
  verdict: Verdict,
): Promise<void> {
  const { name, limits } = container.sandbox;
  const shipment = new Shipment(workshop, journal);
  await using _ = shipment;
  using watch = new Watch({ limits, verdict, step: () => journal.step, diskUsed: () => writtenBytes(name) });
  await execute({
    container,
    verdict,
    onLog: (data) => journal.output(data.subarray(0, watch.sawOutput(data.length))),
    onArchive: (data) => {
      const cause = shipment.take(data);
      if (cause) verdict.decide(cause);
    },
    onEvent: (event) => journal.event(event),
    // What does not take its output holds the build back, but not its end.
    ready: () => (verdict.cause ? undefined : (shipment.ready() ?? journal.screenReady())),
  });
  const cause = verdict.cause ? undefined : await shipment.send();
  if (cause) verdict.decide(cause);
}

/**
 * READY is recorded as soon as the artifact is there; every other status only when the container is gone,
 * so that CANCELED is never said of a build that still runs.
 */
async function conclude(journal: Journal, verdict: Verdict, job: Job, sandbox: Sandbox): Promise<Ending> {
  const ending = endingOf(verdict.cause);
  if (ending.status !== 'READY') {
    await removeContainers([sandbox.name]).catch(() => {});
    return journal.end(ending);
  }
  const [told] = await Promise.all([journal.end(ending), keep(journal.record, job, sandbox)]);
  return told;
}

/** What the next build can start from is made when the command has ended. */
async function keep(record: Readonly<JobRecord>, { base }: Job, sandbox: Sandbox): Promise<void> {
  const { user, project, branch, commit = '' } = record;
  const key = { user, project, branch };
  const container = await handOver(sandbox.name).catch(() => undefined);
  if (!container) return;
  startAftercare({ container, sandbox, key, ...(isWorthSaving(base, record) ? { commit } : {}) });
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
