// Writes the body of a callback, and reads back what its signature needs. Pure.
import type { CallbackBody } from '../job/callback.js';
import { rfc3339 } from '../job/public-json.js';
import type { ArtifactInfo, StepTimes } from '../job/record.js';
import type { Change } from '../store/changes.js';

type Body = { [Name in keyof CallbackBody]: CallbackBody[Name] | string };

/**
 * Whose job it is, its new status with what is known of it, and when it changed: calls may arrive out of order, and receivers can
 * compare the time. `id` is the change's: a call that is sent again has the same one. `publicUrl`: the address of the service.
 */
export function callbackBody(change: Change, publicUrl = ''): string {
  const { id, user, deployment, project, attempt, status, facts, time } = change;
  const { steps, artifact, exitCode, ...texts } = facts;
  const isFinal = status === 'READY' || facts.reason !== undefined;
  const body: Body = {
    ...{ id, user_id: user, deployment_id: deployment, project_id: project, attempt, status },
    ...texts,
    ...(exitCode === undefined ? {} : { exit_code: exitCode }),
    ...(steps ? { steps: steps.map(durationOf) } : {}),
    ...(artifact && isFinal
      ? { artifact: shipped(artifact, `${publicUrl}/job/${deployment}/artifact`) }
      : {}),
    time: rfc3339(time),
  };
  return JSON.stringify(body);
}

/** What a log says of a body's call, and what its signature needs: its id, and the user, whose key signs it; empty in a body of an earlier version. */
export function callOf(body: string): { id: string; user: string; deployment: string; status: string } {
  const call = JSON.parse(body) as { id: string; user_id?: string; deployment_id: string; status: string };
  return { id: call.id, user: call.user_id ?? '', deployment: call.deployment_id, status: call.status };
}

function durationOf({ step, startedAt, endedAt, skipped }: StepTimes) {
  return {
    step,
    ...(endedAt === undefined ? {} : { ms: endedAt - startedAt }),
    ...(skipped ? { skipped } : {}),
  };
}

function shipped({ files, bytes, archiveBytes, sha256, digest }: ArtifactInfo, url: string) {
  return {
    ...{ url, files, bytes },
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(archiveBytes === undefined ? {} : { archive_bytes: archiveBytes }),
    ...(digest === undefined ? {} : { digest }),
  };
}
