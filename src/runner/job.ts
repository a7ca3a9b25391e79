// A job on its way to the build: payload, first record, container. Pure but for the clock and a random id.
import { randomUUID } from 'node:crypto';
import { buildName, NETWORK } from '../docker/names.js';
import { formatJobId, type UserId } from '../job/identity.js';
import type { Limits } from '../job/limits.js';
import type { Payload } from '../job/payload.js';
import type { BuildingRecord, QueuedRecord } from '../job/record.js';
import { withoutCredentials } from '../job/rules.js';
import type { Sandbox } from '../sandbox/flags.js';
import { type BaseImage, snapshotLabels } from '../snapshot/snapshot.js';
import type { LogStart } from '../store/log-writer.js';
import { thisRunner } from './runner-id.js';

/** A job as somebody asked for it. */
export interface RequestedJob {
  user: UserId;
  payload: Payload;
  /** Absolute path, when the source is a repository of this machine. */
  localSource?: string;
  /** The record that the claim writes. */
  record: BuildingRecord;
  /** For a second attempt: where the log continues, and the line that says why. */
  resumed?: { from: LogStart; notice?: string };
}

/** A job and what it is built on. */
export interface PreparedJob extends RequestedJob {
  base: BaseImage;
}

/** Makes a job of a payload, with its first record. */
export function newJob(user: UserId, payload: Payload, localSource?: string): RequestedJob {
  const record = begun(queuedRecord(user, payload));
  return { user, payload, record, ...(localSource ? { localSource } : {}) };
}

/** The record of a job before anybody builds it. */
export function queuedRecord(user: UserId, payload: Payload): QueuedRecord {
  return {
    user,
    deployment: payload.deployment_id,
    project: payload.project_id,
    attempt: randomUUID(),
    status: 'QUEUED',
    branch: payload.project_branch,
    repo: withoutCredentials(payload.project_repo_url),
    createdAt: Date.now(),
  };
}

/** The record as this process begins to build it. */
export function begun(record: QueuedRecord | BuildingRecord): BuildingRecord {
  const runner = thisRunner();
  return {
    ...record,
    status: 'BUILDING',
    startedAt: Date.now(),
    runner,
    container: buildName(record, record.attempt, runner),
  };
}

/** Describes the container for a job. */
export function sandboxOf({ record, payload, localSource, base }: PreparedJob, limits: Limits): Sandbox {
  return {
    name: record.container,
    image: base.image,
    ...(base.fallback ? { fallback: base.fallback } : {}),
    network: NETWORK,
    job: formatJobId(record),
    runner: record.runner,
    attempt: record.attempt,
    labels: snapshotLabels(record, base),
    limits: payload.timeout_seconds ? { ...limits, time: payload.timeout_seconds * 1000 } : limits,
    ...(localSource ? { localSource } : {}),
  };
}
