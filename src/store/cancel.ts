// Cancels a deployment and waits for its end.
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import type { JobId } from '../job/identity.js';
import { isFinal, type Status } from '../job/status.js';
import { CANCEL_PATIENCE_MS, CANCEL_POLL_MS } from '../settings/timing.js';
import { load, requestCancel } from './jobs.js';

/**
 * Asks for a cancel and returns the status in which the deployment ended: CANCELED, unless it ended otherwise just then.
 * @throws KoalaError `not_found`, `conflict` when it had ended before, `environment` when its runner does not react
 */
export async function cancelAndWait(redis: Redis, id: JobId): Promise<Status> {
  await requestCancel(redis, id);
  const deadline = performance.now() + CANCEL_PATIENCE_MS;
  while (performance.now() < deadline) {
    const { status } = await load(redis, id);
    if (isFinal(status)) return status;
    await delay(CANCEL_POLL_MS);
  }
  throw new KoalaError(
    'environment',
    `the runner of ${id.deployment} was asked to stop and has not answered yet`,
    {
      remedy: `The request stands; "koalaci status ${id.deployment}" shows what the build is doing.`,
    },
  );
}
