// Writes the body of a callback. Pure.
import { rfc3339 } from '../job/public-json.js';
import type { Change } from '../store/changes.js';

/** The job, its new status, and when it changed: calls may arrive out of order, and receivers can compare the time. */
export function callbackBody({ id, deployment, project, status, reason, message, time }: Change): string {
  return JSON.stringify({
    id,
    deployment_id: deployment,
    project_id: project,
    status,
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
    time: rfc3339(time),
  });
}
