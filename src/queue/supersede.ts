// A newer job cancels the older jobs of its branch, whether they are queued or building.
import type { Redis } from 'ioredis';
import { KoalaError } from '../job/errors.js';
import type { JobRecord } from '../job/record.js';
import { requestCancel } from '../store/jobs.js';
import { unfinishedOf } from '../store/queued.js';

/** Cancels the older unfinished jobs of the same user, project and branch. */
export async function supersede(redis: Redis, newer: JobRecord): Promise<void> {
  const others = await unfinishedOf(redis, newer.user);
  const older = others.filter((other) => isSuperseded(other, newer));
  await Promise.all(
    older.map((id) => requestCancel(redis, id, `superseded by ${newer.deployment}`).catch(unlessEnded)),
  );
}

/** Whether the newer job replaces the other one. Pure. */
export function isSuperseded(other: JobRecord, newer: JobRecord): boolean {
  return (
    other.project === newer.project &&
    other.branch === newer.branch &&
    other.deployment !== newer.deployment &&
    other.createdAt <= newer.createdAt
  );
}

function unlessEnded(error: unknown): void {
  if (error instanceof KoalaError && (error.kind === 'conflict' || error.kind === 'not_found')) return;
  throw error;
}
