// Puts a job into the queue. Its record says QUEUED before the caller gets an answer.
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import type { UserId } from '../job/identity.js';
import type { Payload } from '../job/payload.js';
import type { QueuedRecord, Stop } from '../job/record.js';
import { isLocalSource } from '../job/rules.js';
import type { UserLimits } from '../job/user-limits.js';
import { queuedRecord } from '../runner/job.js';
import type { Settings } from '../settings/settings.js';
import { abandon, register } from '../store/queued.js';
import { seal } from '../store/seal.js';
import { refuseArtifactUrl } from '../upload/artifact-url.js';
import { type JobsQueue, KEEP_NOTHING, type QueuedJob, queueJobIdOf, queueKeyOf } from './jobs-queue.js';
import { supersede } from './supersede.js';

/** BullMQ's largest priority; jobs that have it are served last. */
const LAST_PRIORITY = 2 ** 21;

/** Accepts jobs. */
export interface Intake {
  redis: Redis;
  queue: JobsQueue;
  secret: string;
  retentionSeconds: number;
  /** How long jobs are kept, to be built again; not at all, if this is not said. */
  rerunSeconds?: number;
  /** Whether repositories of the machine itself may be built. */
  allowLocal: boolean;
  /** Whether callbacks can be signed. */
  callbacks: boolean;
  /** Where to a job may have its artifact sent; nowhere, if this is not said. */
  artifactUrl?: Settings['artifactUrl'];
}

/**
 * Queues a job. Its priority is the number of unfinished jobs that its user has then, so every user's first job is built
 * before any user's second one. `limits` are the user's; what they do not have is not limited here.
 * @throws KoalaError `bad_input` for a job that this intake does not accept, `conflict` when the id is queued or building, `over_limit` when the user has too
 * many jobs or keeps too much, `environment` when the queue does not take it; the record does not stay QUEUED then
 */
export async function enqueue(
  intake: Intake,
  user: UserId,
  payload: Payload,
  limits: Partial<UserLimits> = {},
): Promise<QueuedRecord> {
  refuse(intake, payload);
  const record = queuedRecord(user, payload);
  const queueJobId = queueJobIdOf(record, record.attempt);
  const sealed = seal(payload, intake.secret, 'job');
  const unfinished = await register(intake.redis, record, {
    queueJobId,
    retentionSeconds: intake.retentionSeconds,
    payloadBytes: Buffer.byteLength(sealed),
    payload: { sealed, seconds: intake.rerunSeconds ?? 0 },
    mostKept: limits,
    // One that it makes way for does not count.
    ...(limits.queued === undefined ? {} : { most: limits.queued + (payload.supersede ? 1 : 0) }),
    ...(payload.callback_url ? { callback: seal(payload.callback_url, intake.secret, 'callback') } : {}),
  });
  const priority = Math.min(unfinished, LAST_PRIORITY);
  const { deployment, createdAt } = record;
  const entry = { user, deployment, createdAt, payload: sealed, ...carried(limits) };
  await add(intake, record, entry, { queueJobId, priority });
  if (payload.supersede) await supersede(intake.redis, record);
  return record;
}

function refuse({ allowLocal, callbacks, artifactUrl = 'off' }: Intake, payload: Payload): void {
  if (!allowLocal && isLocalSource(payload.project_repo_url)) {
    throw new KoalaError('bad_input', 'project_repo_url: a local source is not built from the queue', {
      remedy: 'Name a remote repository, or set KOALACI_ALLOW_LOCAL_SOURCES=1 where all users are trusted.',
    });
  }
  if (!callbacks && payload.callback_url) {
    throw new KoalaError('bad_input', 'callback_url: callbacks are not set up here', {
      remedy: 'Set KOALACI_CALLBACK_SECRET, which signs them.',
    });
  }
  refuseArtifactUrl(payload, { artifactUrl });
}

/** The limits that a worker asks for: what the token said reaches it in no other way. */
function carried({ running, logs, artifacts }: Partial<UserLimits>): Pick<QueuedJob, 'running' | 'kept'> {
  const kept = { ...(logs === undefined ? {} : { logs }), ...(artifacts === undefined ? {} : { artifacts }) };
  return { kept, ...(running ? { running } : {}) };
}

async function add(
  intake: Intake,
  record: QueuedRecord,
  entry: QueuedJob,
  { queueJobId, priority }: { queueJobId: string; priority: number },
): Promise<void> {
  try {
    await intake.queue.add('build', entry, { jobId: queueJobId, priority, ...KEEP_NOTHING });
  } catch (cause) {
    // Perhaps only the answer was lost. A job that is in the queue stays there.
    if (await abandonUnqueued(intake, record, queueJobId)) {
      throw new KoalaError('environment', `deployment ${record.deployment} could not be queued`, {
        remedy: 'Redis did not accept it. Create it again.',
        cause,
      });
    }
  }
}

/** Ends a record whose job is not in the queue. When Redis is away, the reconciler does it later. */
async function abandonUnqueued(
  { redis }: Intake,
  record: QueuedRecord,
  queueJobId: string,
): Promise<boolean> {
  const end: Stop = {
    status: 'ERROR',
    reason: 'internal',
    message: 'the job could not be queued',
    endedAt: Date.now(),
  };
  const queueKey = queueKeyOf(queueJobId);
  return abandon(redis, record, { queueKey, createdBefore: Date.now() + 1, queueJobId, end }).catch(
    () => true,
  );
}
