// Every container name, image tag and label of ours, built and read back here, as store/keys.ts does for Redis. Pure.
import { createHash } from 'node:crypto';
import { escapeId, formatJobId, type JobId, type SnapshotKey } from '../job/identity.js';

/** The bridge of the builds. */
export const NETWORK = 'koalaci';

/** Labels, so that what is ours can be listed and nothing else is touched. */
export const LABEL = {
  /** Builder image, and the base it is made on. */
  image: 'koalaci.image',
  /** Builder image: a hash of all that it was made from. */
  recipe: 'koalaci.recipe',
  /** Build container: whose job it is, as formatJobId() writes it; empty while it waits for one. */
  job: 'koalaci.job',
  /** Build container: the attempt of the record. */
  attempt: 'koalaci.attempt',
  /** Build container: the runner that started it. One that took over a waiting container is in its name only. */
  runner: 'koalaci.runner',
  /** Build container that was started ahead: what a job must have in common with it. */
  standby: 'koalaci.standby',
  /** Build container and snapshot: whose they are, escaped. */
  user: 'koalaci.user',
  project: 'koalaci.project',
  branch: 'koalaci.branch',
  /** Build container and snapshot: id and bytes of the builder image below. */
  builder: 'koalaci.builder',
  builderBytes: 'koalaci.builder-bytes',
  /** Snapshot: that it is one, its commit, when it was saved (ms since 1970), its own bytes when it was last flat. */
  snapshot: 'koalaci.snapshot',
  commit: 'koalaci.commit',
  saved: 'koalaci.saved',
  flatBytes: 'koalaci.flat-bytes',
  /** Helper containers, the network, the private Redis. */
  flatten: 'koalaci.flatten',
  network: 'koalaci.network',
  redis: 'koalaci.redis',
} as const;

const BUILD = 'koalaci-';
const SAVING = 'koalaci-saving-';
const STANDBY = 'koalaci-standby-';
const SNAPSHOTS = 'koalaci-snapshot:';
const DEFAULT = '-default';

/**
 * The container of one attempt. Docker allows `[A-Za-z0-9_.-]` in a name, so the ids are hashed. The runner stands at
 * its end: a container that was started ahead has labels from before it had a runner, and only a name can be changed.
 */
export function buildName(id: JobId, attempt: string, runner: string): string {
  return `${BUILD}${digest(`${formatJobId(id)}:${attempt}`, 24)}-${runner}`;
}

/** The runner in the name of a build container, also while that is being saved; undefined in any other name. */
export function runnerOfName(name: string): string | undefined {
  return /^koalaci-(?:saving-)?[0-9a-f]{24}-(.+)$/.exec(name)?.[1];
}

/** The name of a build container whose snapshot is being saved. */
export function savingName(container: string): string {
  return container.replace(BUILD, SAVING);
}

export function isSavingName(name: string): boolean {
  return name.startsWith(SAVING);
}

/** The container that waits for the next build on a snapshot of this name. Who claims it renames it. */
export function standbyName(snapshot: string): string {
  return STANDBY + snapshot.slice(SNAPSHOTS.length);
}

export function isStandbyName(name: string): boolean {
  return name.startsWith(STANDBY);
}

/** The image name of a branch's snapshot. */
export function snapshotTag(key: SnapshotKey): string {
  return `${projectTag(key)}-${digest(key.branch, 20)}`;
}

/** The image name of the snapshot that branches without one of their own start from. */
export function defaultTag(key: SnapshotKey): string {
  return projectTag(key) + DEFAULT;
}

export function isBranchTag(name: string): boolean {
  return name.startsWith(SNAPSHOTS) && /-[0-9a-f]+$/.test(name);
}

export function isDefaultTag(name: string): boolean {
  return name.startsWith(SNAPSHOTS) && name.endsWith(DEFAULT);
}

/** The default name beside the name of a branch's snapshot. */
export function defaultTagBeside(branchTag: string): string {
  return branchTag.replace(/-[0-9a-f]+$/, DEFAULT);
}

/** The container in which a process flattens a snapshot, and the image's name until it has its own. */
export const flattenName = (pid: number) => `koalaci-flatten-${pid}`;
export const flatTag = (pid: number) => `koalaci-flat:${pid}`;

/** The private Redis of a data directory. */
export function redisName(directory: string): string {
  return `koalaci-redis-${digest(directory, 12)}`;
}

/** Labels that say whose a container or a snapshot is. */
export function ownerLabels({ user, project, branch }: SnapshotKey): Record<string, string> {
  return {
    [LABEL.user]: escapeId(user),
    [LABEL.project]: escapeId(project),
    [LABEL.branch]: escapeId(branch),
  };
}

/** The text of a label that ownerLabels() wrote; empty when it is not there. */
export function readLabel(labels: Record<string, string>, name: string): string {
  return decodeURIComponent(labels[name] ?? '');
}

function projectTag({ user, project }: SnapshotKey): string {
  return SNAPSHOTS + digest(`${escapeId(user)}:${escapeId(project)}`, 20);
}

function digest(text: string, letters: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, letters);
}
