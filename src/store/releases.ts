// What Redis knows of releases: of each project what is served at each target, and of each record whether it is kept for that.
import type { Redis } from 'ioredis';
import type { DeploymentId, UserId } from '../job/identity.js';
import type { ReleaseInfo, UploadInfo } from '../job/record.js';
import { jobKey, logKey, type Project, releasesKey, switchingKey, transitionKeys } from './keys.js';
import type { ProjectLock } from './project-lock.js';
import { NOTE_UPLOAD, SWITCHED, UPLOADED } from './release-scripts.js';
import { runScript } from './run-script.js';

/** What changes when other releases are served. */
export interface ReleaseChange {
  /** By target, as text. */
  targets: Record<string, string>;
  /** The deployments that are served or kept now, each with what its record says of it. Their records do not expire. */
  kept: Map<string, ReleaseInfo[]>;
  /** Those that are not any more. */
  dropped: string[];
  /** How long their records stay then. */
  retentionSeconds: number;
}

/** What a project has at each target, as text. */
export async function readReleases(redis: Redis, project: Project): Promise<Record<string, string>> {
  return redis.hgetall(releasesKey(project));
}

/** Writes a change of what is served. Returns false, and writes nothing, if the lock was lost. */
export async function writeReleases(
  redis: Redis,
  lock: ProjectLock,
  change: ReleaseChange,
): Promise<boolean> {
  const { targets, kept, dropped, retentionSeconds } = change;
  const { user } = lock.project;
  // The scripts of records all begin alike. Which record this one is about, it says itself.
  const nobody = { user, deployment: '' as DeploymentId };
  const keys = [...transitionKeys(nobody), releasesKey(lock.project), switchingKey(lock.project)];
  const texts = [...kept].map(([deployment, releases]) => [deployment, JSON.stringify(releases)]);
  const args = [
    ...[lock.token, retentionSeconds, jobKey(nobody), logKey(nobody)],
    JSON.stringify({ targets, kept: Object.fromEntries(texts), dropped }),
  ];
  return (await runScript(redis, SWITCHED, keys, args)) === 1;
}

/** The attempt of a deployment that this is about. */
export interface AttemptOf {
  user: UserId;
  deployment: DeploymentId;
  attempt: string;
}

/** Makes a deployment READY that failed only to be uploaded. Returns false if it is another attempt by now, or ended otherwise. */
export async function noteUploaded(redis: Redis, { attempt, ...id }: AttemptOf): Promise<boolean> {
  return (await runScript(redis, UPLOADED, transitionKeys(id), [attempt, Date.now()])) === 1;
}

/** Notes how the upload of a deployment goes that was READY before. */
export async function noteUpload(
  redis: Redis,
  { attempt, ...id }: AttemptOf,
  upload: UploadInfo,
): Promise<void> {
  await runScript(redis, NOTE_UPLOAD, transitionKeys(id), [attempt, JSON.stringify(upload)]);
}
