// Who owns what: branded ids, and how they are written into keys, file names and labels.
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

/** What a snapshot belongs to. */
export interface SnapshotKey {
  user: UserId;
  project: ProjectId;
  branch: string;
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

/** A job's id as one text, which no other id has; in the label `koalaci.job` and in keys of Redis. */
export function formatJobId(id: JobId): string {
  return `${escapeId(id.user)}:${escapeId(id.deployment)}`;
}

/** Reads what formatJobId() wrote; undefined when it is something else. */
export function parseJobId(text: string): JobId | undefined {
  const [user, deployment, ...rest] = text.split(':');
  if (!user || !deployment || rest.length > 0) return undefined;
  return {
    user: decodeURIComponent(user) as UserId,
    deployment: decodeURIComponent(deployment) as DeploymentId,
  };
}
