// One job from claim to ending. Reads like the design: claim, run the steps in a container, pack the artifact, record.
import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { removeContainers, writtenBytes } from '../docker/container.js';
import { KoalaError, messageOf } from '../job/errors.js';
import type { Limits } from '../job/limits.js';
import type { ArtifactInfo, JobRecord } from '../job/record.js';
import { type Cause, type Ending, endingOf } from '../job/status.js';
import { claim, load, lose } from '../store/jobs.js';
import { Recorder } from '../store/recorder.js';
import { type ArtifactDirectory, artifactPaths, writeManifest } from '../upload/directory.js';
import { afterwards } from './afterwards.js';
import { packArtifact } from './artifact.js';
import type { Screen } from './events.js';
import { execute } from './execute.js';
import type { Job } from './job.js';
import { Journal, type Secrets } from './journal.js';
import { orderBytes } from './order.js';
import { isDead } from './runner.js';
import { type BaseImage, handOver, isWorthSaving } from './snapshot.js';
import type { Standby } from './standby.js';
import { Verdict } from './verdict.js';
import { Watch } from './watch.js';

/** What the operator has set up. */
export interface Workshop {
  redis: Redis;
  limits: Limits;
  extraCa: string | undefined;
  retentionSeconds: number;
  artifacts: ArtifactDirectory;
  /** For jobs of the queue: how long a build waits for a Redis that is away, before it is published and when it has ended. */
  patienceMs?: number;
}

export interface Outcome {
  ending: Ending;
  record: Readonly<JobRecord>;
  /** What stood behind an ERROR/internal: the engine is missing (a KoalaError), or a bug. */
  failure?: unknown;
  /** The build was stopped without an end, and its job is queued again. */
  givenBack?: boolean;
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
  await take(workshop, job.record);
  return buildTaken(job, container, workshop, screen, verdict);
}

/** Builds a job whose id is taken already. Why it ended is in the outcome. */
export async function buildTaken(
  job: Job,
  container: Standby,
  workshop: Workshop,
  screen: Screen,
  verdict: Verdict,
): Promise<Outcome> {
  const journal = openJournal(job, job.payload, workshop, screen, verdict);
  const failure = await work(job, container, workshop, journal, verdict).catch((error: unknown) => {
    verdict.decide(causeOf(error));
    return error;
  });
  if (verdict.givenBack) return giveBack(journal);
  const ending = await conclude(journal, verdict, job.base);
  return { ending, record: journal.record, ...(failure ? { failure } : {}) };
}

/** Ends a job whose id is taken and that cannot be built, with the reason in its log. */
export async function refuseTaken(
  job: Pick<Job, 'record' | 'resumed'>,
  workshop: Workshop,
  screen: Screen,
  cause: Cause,
): Promise<Outcome> {
  const secrets = { project_repo_url: job.record.repo };
  const journal = openJournal(job, secrets, workshop, screen, new Verdict());
  const ending = await journal.end(endingOf(cause));
  return { ending, record: journal.record };
}

function openJournal(
  { record, resumed, base }: Pick<Job, 'record' | 'resumed'> & Partial<Pick<Job, 'base'>>,
  secrets: Secrets,
  workshop: Workshop,
  screen: Screen,
  verdict: Verdict,
): Journal {
  const recorder = new Recorder(workshop.redis, record, {
    logLimit: workshop.limits.log,
    retentionSeconds: workshop.retentionSeconds,
    onCancel: (why) => verdict.decide({ reason: 'canceled', message: why }),
    onLost: () =>
      verdict.decide({ reason: 'runner_lost', message: "the job has ended, or is another runner's by now" }),
    ...(resumed ? { from: resumed.from } : {}),
    ...(workshop.patienceMs ? { patienceMs: workshop.patienceMs } : {}),
  });
  const journal = new Journal(recorder, screen, verdict, secrets);
  screen.show({ type: 'started', record, warm: base?.warm !== undefined });
  if (resumed?.notice) journal.say(resumed.notice);
  return journal;
}

async function giveBack(journal: Journal): Promise<Outcome> {
  await removeContainers([journal.record.container ?? '']).catch(() => {});
  const ending = await journal.giveBack();
  if (ending) return { ending, record: journal.record };
  const lost: Ending = { status: 'ERROR', reason: 'runner_lost', message: 'the runner stops' };
  return { ending: lost, record: journal.record, givenBack: true };
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
  job: Job,
  container: Standby,
  workshop: Workshop,
  journal: Journal,
  verdict: Verdict,
): Promise<void> {
  const { name, limits } = container.sandbox;
  const nonce = randomBytes(16).toString('hex');
  using watch = new Watch({ limits, verdict, step: () => journal.step, diskUsed: () => writtenBytes(name) });
  await execute({
    container,
    order: orderBytes({ payload: job.payload, nonce, extraCa: workshop.extraCa, cpus: limits.cpus }),
    nonce,
    verdict,
    onLog: (data) => journal.output(data.subarray(0, watch.sawOutput(data.length))),
    onEvent: (event) => journal.event(event),
    ready: () => screenReady(journal, verdict),
  });
  if (!verdict.cause) await ship(name, workshop, journal, verdict);
}

/** A screen that does not read holds the build back, but not its end. */
function screenReady(journal: Journal, verdict: Verdict): Promise<void> | undefined {
  return verdict.cause ? undefined : journal.screenReady();
}

/** Packs the dist directory and writes the manifest beside it. */
async function ship(
  container: string,
  workshop: Workshop,
  journal: Journal,
  verdict: Verdict,
): Promise<void> {
  const { archive, manifest } = artifactPaths(workshop.artifacts, journal.record);
  const packed = await packArtifact({
    container,
    dist: journal.dist,
    file: archive,
    limit: workshop.limits.artifact,
    time: journal.commitTime,
    mayPublish: () => journal.isOurs(),
    signal: verdict.signal,
  });
  if ('reason' in packed) return verdict.decide(packed);
  for (const entry of packed.leftOut) journal.say(`left out of the artifact: ${entry}`);
  const artifact: ArtifactInfo = {
    path: archive,
    manifest,
    files: packed.files,
    bytes: packed.bytes,
    sha256: packed.sha256,
  };
  journal.shipped(artifact);
  await writeManifest(manifest, journal.record, packed.archiveBytes);
}

/**
 * READY is recorded as soon as the artifact is there; every other status only when the container is gone,
 * so that CANCELED is never said of a build that still runs.
 */
async function conclude(journal: Journal, verdict: Verdict, base: BaseImage): Promise<Ending> {
  const { record } = journal;
  const container = record.container ?? '';
  const ending = endingOf(verdict.cause);
  if (ending.status !== 'READY') {
    await removeContainers([container]).catch(() => {});
    return journal.end(ending);
  }
  const [told] = await Promise.all([journal.end(ending), keep(record, base)]);
  return told;
}

/** What the next build can start from is saved, and the container removed, after the command has ended. */
async function keep(record: Readonly<JobRecord>, base: BaseImage): Promise<void> {
  const { container = '', commit = '' } = record;
  const name = isWorthSaving(base, record) ? await handOver(container).catch(() => undefined) : undefined;
  if (name) afterwards(['save-snapshot', name, commit]);
  else await removeContainers([container]).catch(() => {});
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
