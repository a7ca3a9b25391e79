// What is known of a deployment, and how it is laid out in a Redis hash.
import type { DeploymentId, ProjectId, UserId } from './identity.js';
import type { Reason, Status, Step } from './status.js';

export interface StepTimes {
  step: Step;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt?: number;
  skipped?: boolean;
}

export interface ArtifactInfo {
  path: string;
  manifest: string;
  /** Files in it, and their bytes unpacked. */
  files: number;
  bytes: number;
  sha256: string;
}

/** Times are milliseconds since 1970. `attempt` tells one life of a deployment id from the next. */
export interface JobRecord {
  user: UserId;
  deployment: DeploymentId;
  project: ProjectId;
  attempt: string;
  status: Status;
  branch: string;
  /** Without credentials. */
  repo: string;
  createdAt: number;
  startedAt?: number;
  endedAt?: number;
  runner?: string;
  container?: string;
  commit?: string;
  node?: string;
  manager?: string;
  reason?: Reason;
  step?: Step;
  exitCode?: number;
  message?: string;
  remedy?: string;
  steps?: StepTimes[];
  artifact?: ArtifactInfo;
}

const NUMBERS = new Set<keyof JobRecord>(['createdAt', 'startedAt', 'endedAt', 'exitCode']);
const JSONS = new Set<keyof JobRecord>(['steps', 'artifact']);

/** A record, or a part of one, as the fields of a hash (snake_case, all strings). */
export function toHash(record: Partial<JobRecord>): Record<string, string> {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      snake(name),
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

/** A hash back into a record; undefined for the empty hash that Redis answers for a missing key. `_names` are for scripts only. */
export function fromHash(hash: Record<string, string>): JobRecord | undefined {
  if (!hash.status) return undefined;
  const shown = Object.entries(hash).filter(([field]) => !field.startsWith('_'));
  const entries = shown.map(([field, value]) => {
    const name = camel(field) as keyof JobRecord;
    if (NUMBERS.has(name)) return [name, Number(value)];
    return [name, JSONS.has(name) ? JSON.parse(value) : value];
  });
  return Object.fromEntries(entries) as JobRecord;
}

/** A record as users see it: the names of the hash's fields, numbers and lists as such. */
export function recordJson(record: Readonly<Partial<JobRecord>>): Record<string, unknown> {
  const shown = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(shown.map(([name, value]) => [snake(name), value]));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camel(field: string): string {
  return field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
