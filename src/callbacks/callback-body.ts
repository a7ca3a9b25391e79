// Writes the body of a callback, and reads back what its signature needs. Pure.
import { rfc3339 } from '../job/public-json.js';
import type { Change } from '../store/changes.js';

/**
 * Whose job it is, its new status, and when it changed: calls may arrive out of order, and receivers can compare the time. `id`
 * is the change's: a call that is sent again has the same one.
 */
export function callbackBody(change: Change): string {
  const { id, user, deployment, project, attempt, status, reason, message, time } = change;
  return JSON.stringify({
    id,
    user_id: user,
    deployment_id: deployment,
    project_id: project,
    attempt,
    status,
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
    time: rfc3339(time),
  });
}

/** The id of a body's call, and the user whose key signs it; empty in a body of an earlier version. */
export function callOf(body: string): { id: string; user: string } {
  const { id, user_id: user = '' } = JSON.parse(body) as { id: string; user_id?: string };
  return { id, user };
}
