// One job from the queue to its end: open it, take its record, build it as `koalaci run` does.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import { type Payload, parsePayload } from '../job/payload.js';
import type { JobRecord } from '../job/record.js';
import { isLocalSource } from '../job/rules.js';
import { type Cause, isFinal } from '../job/status.js';
import { Verdict } from '../job/verdict.js';
import type { Screen } from '../runner/events.js';
import { begun, type Job } from '../runner/job.js';
import { localSource } from '../runner/local-source.js';
import { buildTaken, type Outcome, refuseTaken, type Workshop } from '../runner/pipeline.js';
import { provide, type Supplies } from '../runner/standby.js';
import type { Standby } from '../sandbox/container.js';
import { logStart } from '../store/log-resume.js';
import { loadQueued, take } from '../store/queued.js';
import { unseal } from '../store/seal.js';
import type { QueuedJob } from './jobs-queue.js';

/** What a box builds with. */
export interface Box {
  workshop: Workshop;
  supplies: Omit<Supplies, 'limits'>;
  secret: string;
  allowLocal: boolean;
  /** Who watches a build. */
  watch: (record: JobRecord) => Screen;
  /** Aborts when the jobs that run are to be given back. */
  stop: AbortSignal;
}

/** What becomes of the queue's entry: it is over, is looked at again later, or waits for another runner. */
export type Fate = 'over' | 'later' | 'again';

/**
 * Builds a queued job.
 * @throws KoalaError `environment` on a box that cannot build: its engine is away, or has no builder image; the job is
 * untouched
 */
export async function buildQueued(ticket: string, entry: QueuedJob, box: Box): Promise<Fate> {
  const { redis } = box.workshop;
  const queued = await loadQueued(redis, entry);
  if (queued?.ticket !== ticket || isFinal(queued.record.status)) return 'over';
  const asked = await open(entry, box);
  if (box.stop.aborted) return 'again';
  const record = begun({ ...queued.record, run: randomUUID() });
  if (!asked.payload) {
    const taken = await takeOver(redis, ticket, record, box);
    if (typeof taken === 'string') return taken;
    await refuseTaken({ record, resumed: taken }, box.workshop, box.watch(record), asked.cause);
    return 'over';
  }
  const { payload, local } = asked;
  await using providing = provide(
    { user: entry.user, payload, record, ...(local ? { localSource: local } : {}) },
    { ...box.supplies, limits: box.workshop.limits },
  );
  const { job, container } = await providing.provision;
  if (job.base.builder === '') throw noBuilder(box);
  const taken = await takeOver(redis, ticket, record, box);
  if (typeof taken === 'string') return taken;
  const { givenBack } = await build({ ...job, resumed: taken }, container, box);
  return givenBack ? 'again' : 'over';
}

/** Takes the job: where its log goes on, or what becomes of the entry when it cannot be taken. */
async function takeOver(
  redis: Redis,
  ticket: string,
  record: JobRecord,
  box: Box,
): Promise<NonNullable<Job['resumed']> | Fate> {
  const taken = await take(redis, ticket, record);
  if (taken === 'gone') return 'over';
  if (taken === 'held') return 'later';
  const from = await logStart(redis, record, taken.takes, box.workshop.limits.log);
  return { from, ...noticeOf(taken) };
}

async function build(job: Job, container: Standby, box: Box): Promise<Outcome> {
  const verdict = new Verdict();
  const giveBack = () => verdict.giveBack();
  box.stop.addEventListener('abort', giveBack);
  if (box.stop.aborted) giveBack();
  try {
    return await buildTaken(job, container, box.workshop, box.watch(job.record), verdict);
  } finally {
    box.stop.removeEventListener('abort', giveBack);
  }
}

type Opened = { payload: Payload; local: string | undefined } | { payload?: undefined; cause: Cause };

/** The payload, and the local source it may name; or why this box does not build it. */
async function open(entry: QueuedJob, { secret, allowLocal }: Box): Promise<Opened> {
  try {
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
    const reason = kind === 'bad_input' ? 'source_failed' : 'internal';
    return { cause: { reason, message, ...(remedy ? { remedy } : {}) } };
  }
}

function noticeOf({ takes, lost }: { takes: number; lost: number }): { notice?: string } {
  if (takes === 1) return {};
  const why = lost > 0 ? 'the runner was lost' : 'the runner was stopped';
  return { notice: `${why}; the job is built again from its start` };
}

function noBuilder({ supplies }: Box): KoalaError {
  return new KoalaError('environment', `the engine does not answer, or has no image ${supplies.builder}`, {
    remedy: 'koalaci doctor shows which; the image is built by ci/build.sh.',
  });
}
