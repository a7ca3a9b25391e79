// The name of every key in Redis.
import {
  escapeId,
  formatJobId,
  type InstallationId,
  type JobId,
  type ProjectId,
  parseJobId,
  type UserId,
} from '../job/identity.js';

/** What the keys of all records, and of all logs, begin with. */
export const JOB_PREFIX = 'koalaci:job:';
export const LOG_PREFIX = 'koalaci:log:';
/** What the keys of all users' lists of deployments begin with. */
export const INDEX_PREFIX = 'koalaci:jobs:';
/** Hash: the record. */
export const jobKey = (id: JobId) => `${JOB_PREFIX}${formatJobId(id)}`;
/** Stream: the log; an entry is a chunk of it, its id is `<sequence>-0`. */
export const logKey = (id: JobId) => `${LOG_PREFIX}${formatJobId(id)}`;
/** String that expires: the job of a deployment, sealed, so that it can be built again. */
export const payloadKey = (id: JobId) => `koalaci:payload:${formatJobId(id)}`;
/** String that expires soon: its runner is alive. The value is the record's `attempt`. */
export const leaseKey = (id: JobId) => `koalaci:lease:${formatJobId(id)}`;
/** Channel: a cancel was asked for; the message says why. */
export const cancelChannel = (id: JobId) => `koalaci:cancel:${formatJobId(id)}`;
/** Sorted set: the user's deployments by the time they were created. */
export const indexKey = (user: UserId) => `${INDEX_PREFIX}${escapeId(user)}`;
/** Hash: how often, and when last, builds started from a snapshot. The key has the name of its image. */
export const snapshotKey = (image: string) => `koalaci:snapshot:${image}`;
/** String that expires: the last build from a snapshot failed, and failed again from nothing. The key has the image's name. */
export const failedTwiceKey = (image: string) => `koalaci:failed-twice:${image}`;
/** Sorted set: all users' deployments that are queued or building. Every score is 0, so they are sorted by name. */
export const UNFINISHED_KEY = 'koalaci:unfinished';
/** Stream: changes of status for which a callback is due. */
export const CHANGES_KEY = 'koalaci:changes';
/** Sorted set: jobs of a user that are building, by the time at which their slots expire. */
export const slotsKey = (user: UserId) => `koalaci:slots:${escapeId(user)}`;
/** Sorted set: jobs of a user that wait for a slot, the oldest first. */
export const parkedKey = (user: UserId) => `koalaci:parked:${escapeId(user)}`;
/** Hash: the bytes that each thing of a user takes, and what they come to; see kept.ts. */
export const keptKey = (user: UserId) => `koalaci:kept:${escapeId(user)}`;
/** Sorted set: those things, by the time at which they expire. */
export const keptUntilKey = (user: UserId) => `koalaci:kept-until:${escapeId(user)}`;
/** String that expires: a READY build that later jobs may reuse. `scope` says which ones, `key` what has to be the same. */
export const reuseKey = (scope: string, key: string) => `koalaci:reuse:${scope}:${key}`;
/** Set that expires: what builds with these inputs have looked at beside them. */
export const reuseReadsKey = (scope: string, key: string) => `koalaci:reuse-reads:${scope}:${key}`;
/** String that expires: the newest READY build of a scope, from which the next one differs. */
export const reuseLatestKey = (scope: string) => `koalaci:reuse-latest:${scope}`;
/** String that expires: why no build of a project is reused any more. */
export const reuseOffKey = (user: UserId, project: ProjectId) =>
  `koalaci:reuse-off:${escapeId(user)}:${escapeId(project)}`;
/** Counter: the jobs of a project that could reuse a build. */
export const reuseCountKey = (user: UserId, project: ProjectId) =>
  `koalaci:reuse-count:${escapeId(user)}:${escapeId(project)}`;
/** String: the version of koalaci's data; see schema.ts. */
export const SCHEMA_KEY = 'koalaci:schema';
/** Every BullMQ key begins with this. */
export const QUEUE_PREFIX = 'koalaci:queue';

/** The range of a user's members of UNFINISHED_KEY, for ZLEXCOUNT and ZRANGEBYLEX (";" follows ":"). */
export const unfinishedRange = (user: UserId) => [`[${escapeId(user)}:`, `(${escapeId(user)};`] as const;
/** A member of UNFINISHED_KEY as an id. */
export const parseUnfinished = parseJobId;

/** KEYS[1] to KEYS[7] of every script that changes a status. */
export const transitionKeys = (id: JobId) => [
  ...[jobKey(id), leaseKey(id), UNFINISHED_KEY, CHANGES_KEY],
  ...[logKey(id), keptKey(id.user), keptUntilKey(id.user)],
];
/** String that expires soon: one process is reconciling. */
export const RECONCILE_KEY = 'koalaci:reconciling';
/** The same for the artifacts of an installation: one process has removed old ones. */
export const pruneKey = (installation: InstallationId) => `koalaci:pruned:${installation}`;
/** Hash: what a project has served at each target, and what is kept of it; see releases/. */
export const releasesKey = (one: Project) => `koalaci:releases:${formatProject(one)}`;
/** String that expires soon: a process switches what the project has served. */
export const switchingKey = (one: Project) => `koalaci:switching:${formatProject(one)}`;

/** A project of a user. */
export interface Project {
  user: UserId;
  project: ProjectId;
}
const formatProject = ({ user, project }: Project) => `${escapeId(user)}:${escapeId(project)}`;
