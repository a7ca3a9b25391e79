// The record of a deployment: one schema. Its type, its hash in Redis, its public JSON and the OpenAPI come from it.
import * as z from 'zod';
import { type Ending, FAULTS, reasonsOf } from './ending.js';
import type { DeploymentId, ProjectId, UserId } from './identity.js';
import { type FinalStatus, isFinal, STEPS } from './status.js';

/** The latest time that a Date can hold. */
const LATEST_MS = 8.64e15;

/** Milliseconds since 1970. The names of times end in `At`: see publicJson(). */
const time = z.number().int().min(0).max(LATEST_MS);
const text = z.string();
/** Ids need no check here: they were checked when they came in. */
const id = <Id extends string>() => text as unknown as z.ZodType<Id>;

const StepTimes = z.object({
  step: z.enum(STEPS),
  startedAt: time,
  endedAt: time.exactOptional(),
  skipped: z.boolean().exactOptional(),
  failed: z.boolean().exactOptional(),
  why: text.describe('what there was to do in it').exactOptional(),
  note: text.describe('what it did, or found').exactOptional(),
});

export const ArtifactInfo = z.object({
  path: text,
  manifest: text,
  files: z.number(),
  bytes: z.number().describe('unpacked'),
  sha256: text.describe('of the archive; without it, that is made when somebody asks for it').exactOptional(),
  archiveBytes: z.number().describe('of the archive').exactOptional(),
  madeOnDemand: z
    .boolean()
    .describe('the archive is no file: it is made when somebody asks for it')
    .exactOptional(),
  digest: text.describe('sha256 of its list of entries: the same digest, the same files').exactOptional(),
  removedAt: time.describe('it is not there any more').exactOptional(),
  removedWhy: text.exactOptional(),
});

export const ENVIRONMENTS = ['production', 'preview'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

const ReleaseInfo = z.object({
  target: text,
  place: text.describe('current, or branches/…/current'),
  releasedAt: time,
  releasedBy: text.describe('who released it; or "build"'),
  replacedAt: time.describe('another one is served there since then').exactOptional(),
});

const UploadInfo = z
  .object({
    startedAt: time,
    endedAt: time.exactOptional(),
    message: text.describe('why it failed').exactOptional(),
  })
  .describe('of a deployment that was READY before it was uploaded');

const Base = z
  .object({
    warm: z
      .object({ branch: text, commit: text, savedAt: time.exactOptional() })
      .describe('the snapshot: of which branch, at which commit, since when')
      .exactOptional(),
    cold: text.describe('why it starts from nothing, in words').exactOptional(),
  })
  .describe('what the build starts from');

/** Known from the start. Each try to build a deployment has another `attempt`. */
const asked = {
  user: id<UserId>(),
  deployment: id<DeploymentId>(),
  project: id<ProjectId>(),
  attempt: text,
  branch: text,
  repo: text.describe('without credentials'),
  variables: z.array(text).describe('the names of those in env').exactOptional(),
  createdAt: time,
  timeoutMs: z.number().describe('the time that the job gives itself, if it does').exactOptional(),
  cancelRequested: text.describe('why it is to be canceled').exactOptional(),
};
/** Known once a runner builds it. */
const begun = { startedAt: time, runner: text, container: text };
/** What the build finds out while it runs. */
const found = {
  base: Base.exactOptional(),
  commit: text.exactOptional(),
  node: text.exactOptional(),
  manager: text.exactOptional(),
  refusedScripts: z
    .array(text)
    .describe('packages whose install scripts the package manager did not run')
    .exactOptional(),
  reusedFrom: text
    .describe('the deployment whose artifact this one has, which was not built')
    .exactOptional(),
  step: z.enum(STEPS).exactOptional(),
  steps: z.array(StepTimes).exactOptional(),
  environment: z.enum(ENVIRONMENTS).describe('production: it is of the default branch').exactOptional(),
  lessTrust: z.boolean().describe('it is never served as the site itself').exactOptional(),
};
const artifact = { artifact: ArtifactInfo };
/** Of a deployment that was created again: where it was built before, that stays until a new artifact is there. */
const kept = {
  lastArtifact: ArtifactInfo.describe(
    'of the last build that was READY: it is still there, unless it was removed',
  ).exactOptional(),
};
/** Where it is, and was, served from, as long as it is kept for that: then neither the record nor the artifact goes. */
const released = { releases: z.array(ReleaseInfo).exactOptional() };
/** Why it is not READY; see Cause. */
const why = {
  exitCode: z.number().exactOptional(),
  message: text,
  remedy: text.exactOptional(),
  fault: z.enum(FAULTS).describe('who has to change something').exactOptional(),
  extract: z.array(text).describe('the lines of the output that matter: ten at most').exactOptional(),
};
/** A job may end before a runner builds it. */
const stopped = {
  ...asked,
  ...optional(begun),
  ...found,
  ...optional(artifact),
  ...kept,
  ...released,
  endedAt: time,
  ...why,
};

/** Of a queued job that is looked at by itself. It is stored nowhere. */
const asOfNow = {
  place: z.number().int().describe('its place in the queue: 1 is next').exactOptional(),
  workers: z.number().int().describe('how many workers take jobs from the queue').exactOptional(),
};

const Queued = z.object({
  status: z.literal('QUEUED'),
  ...asked,
  ...kept,
  ...released,
  waitsFor: text.describe('why no worker has begun it, though its turn has come').exactOptional(),
  ...asOfNow,
});
const Building = z.object({
  status: z.literal('BUILDING'),
  ...asked,
  ...begun,
  ...found,
  ...optional(artifact),
  ...kept,
  ...released,
});
const Ready = z.object({
  status: z.literal('READY'),
  ...asked,
  ...begun,
  ...found,
  ...artifact,
  ...released,
  upload: UploadInfo.exactOptional(),
  endedAt: time,
});
const Failed = z.object({ status: z.literal('ERROR'), reason: z.enum(reasonsOf('ERROR')), ...stopped });
const Canceled = z.object({
  status: z.literal('CANCELED'),
  reason: z.enum(reasonsOf('CANCELED')),
  ...stopped,
});

/** A union by status: a queued job has no container, a READY one has an artifact, an ended one has `endedAt`. */
export const JobRecord = z.discriminatedUnion('status', [Queued, Building, Ready, Failed, Canceled]);
export type JobRecord = z.infer<typeof JobRecord>;

export type QueuedRecord = z.infer<typeof Queued>;
export type BuildingRecord = z.infer<typeof Building>;
export type EndedRecord = Extract<JobRecord, { status: FinalStatus }>;
export type StepTimes = z.infer<typeof StepTimes>;
export type Base = z.infer<typeof Base>;
export type ArtifactInfo = z.infer<typeof ArtifactInfo>;
export type ReleaseInfo = z.infer<typeof ReleaseInfo>;
export type UploadInfo = z.infer<typeof UploadInfo>;

/** A record whose fields are optional unless every record has them, for code that shows whatever there is. */
export type RecordFields = Pick<JobRecord, keyof JobRecord> & {
  [Name in Exclude<NameOf<JobRecord>, keyof JobRecord>]?: ValueOf<JobRecord, Name>;
};
type NameOf<R> = R extends R ? keyof R : never;
type ValueOf<R, Name extends PropertyKey> = R extends { [N in Name]?: infer Value } ? Value : never;

/** What changes when a runner starts to build a queued job. */
export type Start = Pick<BuildingRecord, 'attempt' | 'status' | keyof typeof begun>;
/** What changes during a build. */
export type Progress = Partial<Pick<BuildingRecord, keyof typeof found | 'artifact'>>;
/** What changes when a job ends. */
export type End = Ending & { endedAt: number; steps?: StepTimes[] };
/** The same for a job that no runner builds, which cannot become READY. */
export type Stop = Exclude<End, { status: 'READY' }>;

/** Whether the deployment has ended, so that its id may be used again. */
export function hasEnded(record: JobRecord): record is EndedRecord {
  return isFinal(record.status);
}

/**
 * The record after the end of its build.
 * @throws Error if it is READY without an artifact, which is a bug in koalaci
 */
export function endedRecord(record: BuildingRecord, end: End): EndedRecord {
  if (end.status !== 'READY') return { ...record, ...end };
  if (!record.artifact) throw new Error(`${record.deployment} is READY without an artifact`);
  return { ...record, ...end, artifact: record.artifact };
}

/** Milliseconds from the start of the build, or else from its creation, to its end, or else to `now`. */
export function durationOf(record: Readonly<JobRecord>, now: number): number {
  const { createdAt, startedAt = createdAt, endedAt = now }: RecordFields = record;
  return endedAt - startedAt;
}

function optional<Shape extends Record<string, z.ZodType>>(shape: Shape) {
  const fields = Object.entries(shape).map(([name, schema]) => [name, schema.exactOptional()]);
  return Object.fromEntries(fields) as { [Name in keyof Shape]: z.ZodExactOptional<Shape[Name]> };
}
