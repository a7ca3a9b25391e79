// A job before its build: payload, first record, container. Pure except for the clock and a random id.
import { randomUUID } from 'node:crypto';
import { buildName, NETWORK } from '../docker/names.js';
import type { GitCredential } from '../job/credentials.js';
import {
  type DeploymentId,
  formatJobId,
  type InstallationId,
  type ProjectId,
  type SnapshotKey,
  type UserId,
} from '../job/identity.js';
import type { Limits } from '../job/limits.js';
import type { Payload } from '../job/payload.js';
import type { BuildingRecord, QueuedRecord } from '../job/record.js';
import { canonicalRepository } from '../job/repository.js';
import { shortRef, withoutCredentials } from '../job/rules.js';
import type { Built } from '../reuse/decide.js';
import type { Sandbox } from '../sandbox/flags.js';
import { type BaseImage, snapshotLabels } from '../snapshot/snapshot.js';
import type { KeptPayload } from '../store/jobs.js';
import type { LogStart } from '../store/log-writer.js';
import type { LocalSource } from './local-source.js';
import { thisRunner } from './runner-id.js';

/** A job as the user requested it. */
export interface RequestedJob {
  user: UserId;
  payload: Payload;
  /** If the source is a repository of this machine. */
  localSource?: LocalSource;
  /** The record that claim() writes. */
  record: BuildingRecord;
  /** Its payload, sealed, to be kept with that. */
  kept?: KeptPayload;
  /** Whether it only compares: it starts from nothing, leaves nothing, and nothing is said of its artifact. */
  isReproduction?: true;
  /** Why it is built, if reuse is on, and how it will be remembered. */
  reuse?: Built;
  /** For a second attempt: where its log begins, and a line that says why there is one. */
  resumed?: { from: LogStart; notice?: string };
}

/** A job, and the image that its build starts from. */
export interface PreparedJob extends RequestedJob {
  /** What its snapshot belongs to. */
  key: SnapshotKey;
  base: BaseImage;
  /** What git may use in its build: the job's own and the operator's. */
  credentials: readonly GitCredential[];
  /** A line for the log, if the build does not start from what the user expects. */
  baseNotice?: string;
}

/** Makes a job from a payload, with its first record. */
export function newJob(
  installation: InstallationId,
  { user, payload, localSource, kept }: Pick<RequestedJob, 'user' | 'payload' | 'localSource' | 'kept'>,
): RequestedJob {
  const record = begun(queuedRecord(user, payload), installation);
  return { user, payload, record, ...(localSource ? { localSource } : {}), ...(kept ? { kept } : {}) };
}

/**
 * The job that builds once more what a payload describes. Its record, its project and what it ships are its own; its container
 * gets what the one before got.
 */
export function newReproduction(
  installation: InstallationId,
  { user, payload, localSource }: Pick<RequestedJob, 'user' | 'payload' | 'localSource'>,
): RequestedJob {
  const name = `reproduce-${randomUUID().slice(0, 13)}`;
  const own = { deployment: name as DeploymentId, project: name as ProjectId };
  const record = begun({ ...queuedRecord(user, payload), ...own }, installation);
  const leavesNothing = { ...payload, cache: 'read' as const };
  return {
    ...{ user, payload: leavesNothing, record, isReproduction: true },
    ...(localSource ? { localSource } : {}),
  };
}

/** What a job's snapshot belongs to. */
export function snapshotKeyOf(
  { record, payload, localSource }: RequestedJob,
  installation: InstallationId,
): SnapshotKey {
  const { user, project, branch } = record;
  const repository = canonicalRepository(localSource?.path ?? payload.project_repo_url);
  return { installation, user, project, repository, branch };
}

/** The record of a job that waits to be built. */
export function queuedRecord(user: UserId, payload: Payload): QueuedRecord {
  const variables = Object.keys(payload.env ?? {}).sort();
  return {
    user,
    deployment: payload.deployment_id,
    project: payload.project_id,
    attempt: randomUUID(),
    status: 'QUEUED',
    branch: shortRef(payload.project_branch),
    repo: withoutCredentials(payload.project_repo_url),
    ...(variables.length > 0 ? { variables } : {}),
    createdAt: Date.now(),
    ...(payload.timeout_seconds ? { timeoutMs: payload.timeout_seconds * 1000 } : {}),
  };
}

/** The record of a job when this process begins to build it. */
export function begun(record: QueuedRecord | BuildingRecord, installation: InstallationId): BuildingRecord {
  const runner = thisRunner();
  return {
    ...record,
    status: 'BUILDING',
    startedAt: Date.now(),
    runner,
    container: buildName(installation, record, { attempt: record.attempt, runner }),
  };
}

/** The same job from the builder image, without what the last build left. */
export function fromNothing(job: PreparedJob): PreparedJob {
  const { fallback, snapshot: _, warm: __, ...base } = job.base;
  return { ...job, base: { ...base, image: fallback ?? base.image, cold: 'it starts over' } };
}

/** The job as its container runs it: from nothing if the snapshot for which it was prepared was refused, by the engine or by its steps. */
export function asItRuns(job: PreparedJob, { image }: Pick<Sandbox, 'image'>): PreparedJob {
  if (image === job.base.image) return job;
  const baseNotice = 'what the last build left cannot be used here; this one starts from nothing';
  return { ...fromNothing(job), baseNotice };
}

/** Whether it is a job of less trust: it leaves nothing that another one of the branch starts from or goes by. */
export function isReader({ payload }: Pick<PreparedJob, 'payload'>): boolean {
  return payload.cache === 'read';
}

/** A job may have less time than the operator gives, never more. */
function lowered(limits: Limits, { timeout_seconds }: Payload): Limits {
  if (timeout_seconds === undefined) return limits;
  return { ...limits, time: Math.min(limits.time, timeout_seconds * 1000) };
}

/** Describes the container for a job. */
export function sandboxOf(
  { record, payload, localSource, key, base }: PreparedJob,
  { limits, runtime }: { limits: Limits; runtime: string | undefined },
): Sandbox {
  return {
    name: record.container,
    image: base.image,
    ...(base.fallback ? { fallback: base.fallback } : {}),
    network: NETWORK,
    job: formatJobId(record),
    runner: record.runner,
    attempt: record.attempt,
    labels: snapshotLabels(key, base),
    limits: lowered(limits, payload),
    ...(runtime ? { runtime } : {}),
    ...(localSource ? { localSource: localSource.path, borrowed: localSource.borrowed } : {}),
  };
}
