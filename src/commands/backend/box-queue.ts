// Queues jobs on this machine.
import type { Redis } from 'ioredis';
import type { JobId, UserId } from '../../job/identity.js';
import { type Payload, parsePayload } from '../../job/payload.js';
import type { JobRecord } from '../../job/record.js';
import { enqueue } from '../../queue/intake.js';
import { openJobsQueue } from '../../queue/jobs-queue.js';
import { type RerunWish, rerunPayload } from '../../queue/rerun.js';
import { localSource } from '../../runner/local-source.js';
import { withPlace } from '../../store/queue-place.js';
import { secretOf } from '../authenticate.js';
import { intakeOf } from '../build-settings.js';
import type { Session } from '../session.js';

/** Queues a job of a user. */
export async function queueHere(
  session: Session,
  redis: Redis,
  { user, job }: { user: UserId; job: Record<string, unknown> },
): Promise<JobRecord> {
  const payload = parsePayload(job);
  // Resolve a relative path here: the worker has another working directory.
  const local = await localSource(payload.project_repo_url);
  return enqueued(session, redis, user, local ? { ...payload, project_repo_url: local.path } : payload);
}

/** Queues the job of a deployment again. */
export async function rerunHere(
  session: Session,
  redis: Redis,
  { id, wish }: { id: JobId; wish: RerunWish },
): Promise<JobRecord> {
  const payload = await rerunPayload(redis, id, { secret: secretOf(session), wish });
  return enqueued(session, redis, id.user, payload);
}

async function enqueued(session: Session, redis: Redis, user: UserId, payload: Payload): Promise<JobRecord> {
  const queue = openJobsQueue(redis);
  try {
    const intake = intakeOf(session, { redis, queue, secret: secretOf(session) });
    return await withPlace(redis, await enqueue(intake, user, payload));
  } finally {
    await queue.close();
  }
}
