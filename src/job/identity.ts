// Who owns what: branded ids, and how they are written into keys, file names and container names.
import { createHash } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Branded<'UserId'>;
export type ProjectId = Branded<'ProjectId'>;
export type DeploymentId = Branded<'DeploymentId'>;

/** What names a job: nobody sees, cancels or reuses a deployment of another user's. */
export interface JobId {
  user: UserId;
  deployment: DeploymentId;
}

/** `project_id` and `deployment_id`: safe in a path, a key, a label and a URL as they are. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Writes an id so that it cannot forge another's key or leave its directory: what is neither a letter, a digit,
 * `_` nor `-` becomes `%XX`, and a dot only where it could make `.` or `..`.
 */
export function escapeId(id: string): string {
  return encodeURIComponent(id)
    .replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
}

/** The container of a job. Docker allows `[A-Za-z0-9_.-]` in a name, so ids are hashed; a retry gets another name by `attempt`. */
export function containerName(id: JobId, attempt: string): string {
  const digest = createHash('sha256')
    .update(`${escapeId(id.user)}:${escapeId(id.deployment)}:${attempt}`)
    .digest('hex');
  return `koalaci-${digest.slice(0, 24)}`;
}

/** The value of the label `koalaci.job`: from it a sweep finds the record of a container that was left behind. */
export function jobLabel(id: JobId): string {
  return `${escapeId(id.user)}:${escapeId(id.deployment)}`;
}

/** Reads a `koalaci.job` label back; undefined when it is not one of ours. */
export function parseJobLabel(label: string): JobId | undefined {
  const [user, deployment, ...rest] = label.split(':');
  if (!user || !deployment || rest.length > 0) return undefined;
  return {
    user: decodeURIComponent(user) as UserId,
    deployment: decodeURIComponent(deployment) as DeploymentId,
  };
}
