// Builds and parses every container name, image tag and label of koalaci, as store/keys.ts does for Redis. Pure, except that some
// names are random.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { escapeId, formatJobId, type InstallationId, type JobId, type SnapshotKey } from '../job/identity.js';

/** The bridge of the builds. All installations share it: builds on it cannot reach each other, and engines have few networks. */
export const NETWORK = 'koalaci';

/** By its labels koalaci finds what it made, and touches nothing else. */
export const LABEL = {
  /** Everything but the builder image and the network, which installations share: whose it is. */
  installation: 'koalaci.installation',
  /** Builder image, and the base image below it. */
  image: 'koalaci.image',
  /** Builder image: a hash of everything that it was made from. */
  recipe: 'koalaci.recipe',
  /** Builder image: the version of the protocol that its steps speak. */
  protocol: 'koalaci.protocol',
  /** Build container: its job, as formatJobId() writes it; empty on a standby container. */
  job: 'koalaci.job',
  /** Build container: the record's attempt. Empty on others that the reaper removes. */
  attempt: 'koalaci.attempt',
  /** Build container: the runner that started it. A runner that claimed a standby container is in its name only. */
  runner: 'koalaci.runner',
  /** Standby container: its compatibility key, which a job must share to use it, and the id of its snapshot. */
  standby: 'koalaci.standby',
  base: 'koalaci.base',
  /** Build container and snapshot: their owner, escaped. */
  user: 'koalaci.user',
  project: 'koalaci.project',
  repository: 'koalaci.repository',
  branch: 'koalaci.branch',
  /** Build container and snapshot: id and bytes of the builder image below. */
  builder: 'koalaci.builder',
  builderBytes: 'koalaci.builder-bytes',
  /**
   * Snapshot: the mark of one, its commit, when its build became READY (ms since 1970), its own bytes when it was last
   * flattened.
   */
  snapshot: 'koalaci.snapshot',
  commit: 'koalaci.commit',
  saved: 'koalaci.saved',
  /** Helper containers, the network, the private Redis. */
  trees: 'koalaci.trees',
  flatten: 'koalaci.flatten',
  look: 'koalaci.look',
  network: 'koalaci.network',
  redis: 'koalaci.redis',
} as const;

const BUILD = 'koalaci-';
const SAVING = 'koalaci-saving-';
const BRIEF = `${SAVING}brief-`;
const STANDBY = 'koalaci-standby-';
const CLAIMED = 'koalaci-claimed-';
const DETECT = 'koalaci-detect-';
const KEPT = 'koalaci-kept-';
const SNAPSHOTS = 'koalaci-snapshot:';
const DEFAULT = '-default';

/**
 * The name of an attempt's container. Docker allows `[A-Za-z0-9_.-]` in a name, so the ids are hashed. The name ends with
 * the runner: a standby container got its labels before it had a runner, and only its name can change.
 */
export function buildName(
  installation: InstallationId,
  id: JobId,
  { attempt, runner }: { attempt: string; runner: string },
): string {
  return `${BUILD}${installation}-${digest(`${formatJobId(id)}:${attempt}`, 24)}-${runner}`;
}

/**
 * The process in a container's name that answers for it: the runner of a build, who saves it, who flattens a snapshot in it, or
 * who looks at a repository in it; undefined for other names.
 */
export function runnerOfName(name: string): string | undefined {
  return /^koalaci-(?:saving-(?:brief-)?|flatten-|detect-)?[0-9a-f]{12}-[0-9a-f]{24}-(.+)$/.exec(name)?.[1];
}

/**
 * The name of a build container while its snapshot is being saved; a brief build's tells so. `saver`: the process that saves it,
 * once there is one.
 */
export function savingName(container: string, isBrief = false, saver?: string): string {
  const saving = container.replace(BUILD, isBrief ? BRIEF : SAVING);
  const runner = runnerOfName(saving);
  return saver && runner ? saving.slice(0, -runner.length) + saver : saving;
}

export function isSavingName(name: string): boolean {
  return name.startsWith(SAVING);
}

/** Whether it is a brief build that is being saved. */
export function isBriefName(name: string): boolean {
  return name.startsWith(BRIEF);
}

/** The name of a standby container, which nothing else ever has. A build claims the container by renaming it to claimedName(). */
export function standbyName(installation: InstallationId): string {
  return `${STANDBY}${installation}-${randomUUID()}`;
}

/**
 * The name that claims a standby container, the same for all who try: the engine refuses to give a container the name that it
 * has. Of two new names it would give it both, one after the other, as it has looked up the old one by then.
 */
export function claimedName(standby: string): string {
  return standby.replace(STANDBY, CLAIMED);
}

export function isStandbyName(name: string): boolean {
  return name.startsWith(STANDBY);
}

/**
 * The name of an attempt's container that is kept for debugging. `until`, in milliseconds since 1970, is a part of it, since labels
 * cannot change.
 */
export function keptName(installation: InstallationId, id: JobId, attempt: string, until: number): string {
  return `${keptPrefix(installation, id, attempt)}${Math.ceil(until / 1000)}`;
}

/** What the name of that container begins with. */
export function keptPrefix(installation: InstallationId, id: JobId, attempt: string): string {
  return `${KEPT}${installation}-${digest(`${formatJobId(id)}:${attempt}`, 24)}-`;
}

export function isKeptName(name: string): boolean {
  return name.startsWith(KEPT);
}

/** Until when a container with such a name is kept, in milliseconds since 1970. */
export function keptUntil(name: string): number {
  return Number(/-(\d+)$/.exec(name)?.[1] ?? 0) * 1000;
}

/** The image name of a branch's snapshot. */
export function snapshotTag(key: SnapshotKey): string {
  return `${repositoryTag(key)}-${digest(key.branch, 20)}`;
}

/** The image name of the snapshot from which branches without one of their own start. */
export function defaultTag(key: SnapshotKey): string {
  return repositoryTag(key) + DEFAULT;
}

/** The pattern of all image names of an installation's snapshots, for `docker image ls`. */
export function snapshotPattern(installation: InstallationId): string {
  return `${SNAPSHOTS}${installation}-*`;
}

/** The image name of a snapshot without the installation: the same on all machines that share it. */
export function sharedTag(tag: string): string {
  return tag.replace(/:[0-9a-f]+-/, ':');
}

export function isBranchTag(name: string): boolean {
  return name.startsWith(SNAPSHOTS) && /-[0-9a-f]+$/.test(name);
}

export function isDefaultTag(name: string): boolean {
  return name.startsWith(SNAPSHOTS) && name.endsWith(DEFAULT);
}

/** The default image name that belongs to a branch's image name. */
export function defaultTagBeside(branchTag: string): string {
  return branchTag.replace(/-[0-9a-f]+$/, DEFAULT);
}

/** The container in which this process flattens a snapshot. */
export function flattenName(installation: InstallationId, runner: string): string {
  return `koalaci-flatten-${installation}-${randomBytes(12).toString('hex')}-${runner}`;
}

/** A container in which this process looks at a repository. */
export function detectName(installation: InstallationId, runner: string): string {
  return `${DETECT}${installation}-${randomBytes(12).toString('hex')}-${runner}`;
}

export function isDetectName(name: string): boolean {
  return name.startsWith(DETECT);
}

/**
 * The container in which an installation reads repositories without building them. `source`: what a local one is mounted from; empty
 * for the one of all remote ones.
 */
export function treesName(installation: InstallationId, source: string): string {
  return `koalaci-trees-${installation}${source && `-${digest(source, 20)}`}`;
}

/**
 * The container name of a data directory's private Redis. It names the directory and not the installation, whose id may get
 * lost: two Redis on one directory would destroy its data.
 */
export function redisName(directory: string): string {
  return `koalaci-redis-${digest(directory, 12)}`;
}

/** The labels with the owner of a container or a snapshot: all that have them belong to this key. */
export function ownerLabels({
  installation,
  user,
  project,
  repository,
  branch,
}: SnapshotKey): Record<string, string> {
  return {
    [LABEL.installation]: installation,
    [LABEL.user]: escapeId(user),
    [LABEL.project]: escapeId(project),
    [LABEL.repository]: escapeId(repository),
    [LABEL.branch]: escapeId(branch),
  };
}

/** The labels as containersWith() and `docker image ls` take them. */
export function labelFilters(labels: Record<string, string>): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

/** The label of everything of an installation, as containersWith() takes it. */
export function ownedBy(installation: InstallationId): string {
  return `${LABEL.installation}=${installation}`;
}

/** The text of a label that ownerLabels() wrote; empty when it is missing. */
export function readLabel(labels: Record<string, string>, name: string): string {
  return decodeURIComponent(labels[name] ?? '');
}

function repositoryTag({ installation, user, project, repository }: SnapshotKey): string {
  const parts = [user, project, repository].map(escapeId).join(':');
  return `${SNAPSHOTS}${installation}-${digest(parts, 20)}`;
}

function digest(text: string, letters: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, letters);
}
