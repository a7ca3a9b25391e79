// The name of every key in Redis.
import { escapeId, type JobId, parseJobId, type UserId } from '../job/identity.js';

const scope = (id: JobId) => `${escapeId(id.user)}:${escapeId(id.deployment)}`;

/** Hash: the record. */
export const jobKey = (id: JobId) => `koalaci:job:${scope(id)}`;
/** Stream: the log; an entry is a chunk of whole lines, its id is `<sequence>-0`. */
export const logKey = (id: JobId) => `koalaci:log:${scope(id)}`;
/** String with a short life: its runner is alive; the value is the `run` of the record. */
export const leaseKey = (id: JobId) => `koalaci:lease:${scope(id)}`;
/** Channel: a cancel was asked for; the message says why. */
export const cancelChannel = (id: JobId) => `koalaci:cancel:${scope(id)}`;
/** Sorted set: the user's deployments by the time they were created. */
export const indexKey = (user: UserId) => `koalaci:jobs:${escapeId(user)}`;
/** Hash: how often, and when last, builds started from a snapshot; by the name of its image. */
export const snapshotKey = (image: string) => `koalaci:snapshot:${image}`;
/** Sorted set: everybody's deployments that are queued or building, all with the score 0, so in order of their names. */
export const UNFINISHED_KEY = 'koalaci:unfinished';
/** Stream: changes of status that somebody wants to be called back for. */
export const CHANGES_KEY = 'koalaci:changes';
/** Sorted set: jobs of a user that are being built, by the time at which their slots run out. */
export const slotsKey = (user: UserId) => `koalaci:slots:${escapeId(user)}`;
/** Sorted set: jobs of a user that wait for a slot, the oldest first. */
export const parkedKey = (user: UserId) => `koalaci:parked:${escapeId(user)}`;
/** Every BullMQ key begins with this. */
export const QUEUE_PREFIX = 'koalaci:queue';

/** The members of UNFINISHED_KEY that are a user's, as a range for ZLEXCOUNT and ZRANGEBYLEX (";" follows ":"). */
export const unfinishedRange = (user: UserId) => [`[${escapeId(user)}:`, `(${escapeId(user)};`] as const;
/** A member of UNFINISHED_KEY as an id. */
export const parseUnfinished = parseJobId;

/** What every script that changes a status is given: KEYS[1] to KEYS[4]. */
export const transitionKeys = (id: JobId) => [jobKey(id), leaseKey(id), UNFINISHED_KEY, CHANGES_KEY];
/** String with a short life: somebody sweeps. */
export const RECONCILE_KEY = 'koalaci:sweeping';
