// Builds one job from the queue: opens it, claims its record, builds it as `koalaci run` does.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Cause, Reason } from '../job/ending.js';
import { type ErrorKind, KoalaError } from '../job/errors.js';
import { type Payload, parsePayload } from '../job/payload.js';
import { type BuildingRecord, hasEnded } from '../job/record.js';
import { isLocalSource } from '../job/rules.js';
import { Verdict } from '../job/verdict.js';
import type { Built, Reused } from '../reuse/decide.js';
import { acquire, type SandboxDefaults } from '../runner/acquire.js';
import type { BuildSettings } from '../runner/build.js';
import { checkBuilder } from '../runner/check-builder.js';
import type { Outcome } from '../runner/conclude.js';
import type { Screen } from '../runner/events.js';
import { beginInquiry } from '../runner/inquire.js';
import { begun, type PreparedJob, type RequestedJob } from '../runner/job.js';
import { type LocalSource, localSource } from '../runner/local-source.js';
import { buildClaimed, refuseClaimed } from '../runner/pipeline.js';
import { askReuse, reuseClaimed } from '../runner/reuse.js';
import type { BuildContainer } from '../sandbox/container.js';
import { keptTooMuch } from '../store/kept.js';
import { logStart } from '../store/log-resume.js';
import { claimQueued, loadQueued } from '../store/queued.js';
import { unseal } from '../store/seal.js';
import type { QueuedJob } from './jobs-queue.js';
import type { Place } from './places.js';

/** What a worker builds with. */
export interface WorkerContext {
  settings: BuildSettings;
  sandboxDefaults: SandboxDefaults;
  secret: string;
  allowLocal: boolean;
  /** Makes the screen that is told what happens in a build. */
  watch: (record: BuildingRecord) => Screen;
}

/** What happens to the entry next: it leaves the queue, is tried again later, or waits for another runner at once. */
export type Fate = 'over' | 'later' | 'again';

/** What a build of the queue is given: when to stop, and its place, which it leaves to the work after READY. */
interface Turn {
  stop: AbortSignal;
  place: Place;
}

/**
 * Builds a queued job. When `stop` aborts, the job goes back into its queue.
 * @throws KoalaError `environment` on a machine that cannot build: its engine does not answer, or has no builder image.
 * The job is untouched then.
 */
export async function buildQueued(
  queueJobId: string,
  entry: QueuedJob,
  context: WorkerContext,
  turn: Turn,
): Promise<Fate> {
  const { stop } = turn;
  const { redis } = context.settings;
  const queued = await loadQueued(redis, entry);
  if (queued?.queueJobId !== queueJobId || hasEnded(queued.record)) return 'over';
  const asked = await open(entry, context);
  if (stop.aborted) return 'again';
  const { sandboxDefaults } = context;
  const record = begun({ ...queued.record, attempt: randomUUID() }, sandboxDefaults.installation);
  if (!asked.payload) {
    const claimed = await claimForBuild(redis, queueJobId, record, context);
    if (typeof claimed === 'string') return claimed;
    const { settings, watch } = context;
    await refuseClaimed({ record, resumed: claimed }, { settings, screen: watch(record) }, asked.cause);
    return 'over';
  }
  const { payload, local } = asked;
  const wanted: RequestedJob = {
    user: entry.user,
    payload,
    record,
    ...(local ? { localSource: local } : {}),
  };
  const decision = await decided(wanted, context);
  if (stop.aborted) return 'again';
  if (decision?.kind === 'reused') {
    await using reused = decision;
    return await reuse(wanted, reused, { queueJobId, context, stop });
  }
  return buildWanted(decision ? { ...wanted, reuse: decision } : wanted, queueJobId, context, turn);
}

/** Acquires a container for the job, claims it, and builds it. */
async function buildWanted(
  wanted: RequestedJob,
  queueJobId: string,
  context: WorkerContext,
  { stop, place }: Turn,
): Promise<Fate> {
  const { settings, sandboxDefaults } = context;
  await using acquiring = acquire(wanted, sandboxDefaults, stop);
  const { job, container } = await acquiring.acquired;
  if (stop.aborted) return 'again';
  await checkBuilder(job.base, sandboxDefaults.builder);
  const claimed = await claimForBuild(settings.redis, queueJobId, wanted.record, context);
  if (typeof claimed === 'string') return claimed;
  const outcome = await build({ ...job, resumed: claimed }, container, context, stop);
  if (outcome.kind === 'requeued') return 'again';
  if (outcome.postBuild) place.keepFor(outcome.postBuild);
  // Its record says how that went.
  await outcome.uploaded;
  return 'over';
}

/** Claims the job. Returns where its log continues, or what happens to the entry when it cannot be claimed. */
async function claimForBuild(
  redis: Redis,
  queueJobId: string,
  record: BuildingRecord,
  context: WorkerContext,
): Promise<NonNullable<RequestedJob['resumed']> | Fate> {
  const claimed = await claimQueued(redis, queueJobId, record);
  if (claimed === 'gone') return 'over';
  if (claimed === 'held') return 'later';
  const from = await logStart(redis, record, claimed.claims, context.settings.limits.log);
  return { from, ...noticeOf(claimed) };
}

async function build(
  job: PreparedJob,
  container: BuildContainer,
  { settings, watch }: WorkerContext,
  stop: AbortSignal,
): Promise<Outcome> {
  return withVerdict(stop, (verdict) =>
    buildClaimed({ job, container, settings, screen: watch(job.record), verdict }),
  );
}

/** Asks whether the job needs a build; undefined if nobody wants to know. */
async function decided(job: RequestedJob, context: WorkerContext): Promise<Reused | Built | undefined> {
  using inquiry = await beginInquiry(job, context.sandboxDefaults, context.settings);
  return inquiry && (await askReuse(job, inquiry, context));
}

/** Claims a job that needs no build, and ends it. */
async function reuse(
  job: RequestedJob,
  reused: Reused,
  { queueJobId, context, stop }: { queueJobId: string; context: WorkerContext; stop: AbortSignal },
): Promise<Fate> {
  const { settings, watch } = context;
  const claimed = await claimForBuild(settings.redis, queueJobId, job.record, context);
  if (typeof claimed === 'string') return claimed;
  const screen = watch(job.record);
  const outcome = await withVerdict(stop, (verdict) =>
    reuseClaimed({ ...job, resumed: claimed }, reused, { settings, screen, verdict }),
  );
  if (outcome.kind === 'requeued') return 'again';
  await outcome.uploaded;
  return 'over';
}

/** When `stop` aborts, the job is requeued. */
async function withVerdict(
  stop: AbortSignal,
  work: (verdict: Verdict) => Promise<Outcome>,
): Promise<Outcome> {
  const verdict = new Verdict();
  const requeue = () => verdict.requeue();
  stop.addEventListener('abort', requeue);
  if (stop.aborted) requeue();
  try {
    return await work(verdict);
  } finally {
    stop.removeEventListener('abort', requeue);
  }
}

/** How a job ends that is refused before it begins. */
const REFUSALS: Partial<Record<ErrorKind, Reason>> = { bad_input: 'source_failed', over_limit: 'user_limit' };

type Opened = { payload: Payload; local: LocalSource | undefined } | { payload?: undefined; cause: Cause };

/** Opens the payload. Returns it with the local source that it may name, or the cause why it is not built. */
async function open(entry: QueuedJob, { secret, allowLocal, settings }: WorkerContext): Promise<Opened> {
  try {
    // Asked again: when they were queued, jobs before this one had left nothing yet.
    const tooMuch = await keptTooMuch(settings.redis, entry, entry.kept ?? {});
    if (tooMuch) throw tooMuch;
    const payload = parsePayload(unseal(entry.payload, secret, 'job'));
    if (isLocalSource(payload.project_repo_url) && !allowLocal) {
      throw new KoalaError('bad_input', 'local sources are not built here', {
        remedy: 'Set KOALACI_ALLOW_LOCAL_SOURCES=1 for the worker where all users are trusted.',
      });
    }
    return { payload, local: await localSource(payload.project_repo_url) };
  } catch (error) {
    if (!(error instanceof KoalaError)) throw error;
    const { kind, message, remedy } = error;
    return { cause: { reason: REFUSALS[kind] ?? 'internal', message, ...(remedy ? { remedy } : {}) } };
  }
}

function noticeOf({ claims, lost }: { claims: number; lost: number }): { notice?: string } {
  if (claims === 1) return {};
  const why = lost > 0 ? 'the runner or its container was lost' : 'the runner was stopped';
  return { notice: `${why}; the job is built again from its start` };
}
