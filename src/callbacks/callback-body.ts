// What a callback says. Pure.
import { rfc3339 } from '../job/public-json.js';
import type { Change } from '../store/changes.js';

/** Which job, and how it stands since when: calls may arrive in another order, and the time tells which. */
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
