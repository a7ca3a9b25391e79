// The ids of users, projects and deployments, and how to write them into keys, file names and labels.
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Branded<'UserId'>;
export type ProjectId = Branded<'ProjectId'>;
export type DeploymentId = Branded<'DeploymentId'>;
/** One koalaci on an engine: a data directory with its Redis. Lower-case hex, so it fits into every name. */
export type InstallationId = Branded<'InstallationId'>;

/** Names a job. It includes the user, so that nobody can see, cancel or reuse a deployment of another user. */
export interface JobId {
  user: UserId;
  deployment: DeploymentId;
}

/** What a snapshot belongs to. */
export interface SnapshotKey {
  installation: InstallationId;
  user: UserId;
  project: ProjectId;
  /** In its canonical form: a fork under the same project has snapshots of its own. */
  repository: string;
  branch: string;
}

/** `project_id` and `deployment_id`: safe in a path, a key, a label and a URL as they are. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Escapes an id so that it cannot forge the key of another or leave its directory: all characters except letters,
 * digits, `_`, `-` and `.` become `%XX`, and so do leading dots, which could make `.` or `..`.
 */
export function escapeId(id: string): string {
  return encodeURIComponent(id)
    .replace(/[!'()*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
}

/** A job's id as one unique text, for the label `koalaci.job` and for keys in Redis. */
export function formatJobId(id: JobId): string {
  return `${escapeId(id.user)}:${escapeId(id.deployment)}`;
}

/** Reads what formatJobId() wrote; undefined for anything else. */
export function parseJobId(text: string): JobId | undefined {
  const [user, deployment, ...rest] = text.split(':');
  if (!user || !deployment || rest.length > 0) return undefined;
  return {
    user: decodeURIComponent(user) as UserId,
    deployment: decodeURIComponent(deployment) as DeploymentId,
  };
}
