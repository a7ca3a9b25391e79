// The name of every key in Redis.
import { escapeId, type JobId, type UserId } from '../job/identity.js';

const scope = (id: JobId) => `${escapeId(id.user)}:${escapeId(id.deployment)}`;

/** Hash: the record. */
export const jobKey = (id: JobId) => `koalaci:job:${scope(id)}`;
/** Stream: the log; an entry is a chunk of whole lines, its id is `<sequence>-0`. */
export const logKey = (id: JobId) => `koalaci:log:${scope(id)}`;
/** String with a short life: its runner is alive; the value is the `run` of the record. */
export const leaseKey = (id: JobId) => `koalaci:lease:${scope(id)}`;
/** Channel: a cancel was asked for. */
export const cancelChannel = (id: JobId) => `koalaci:cancel:${scope(id)}`;
/** Sorted set: the user's deployments by the time they were created. */
export const indexKey = (user: UserId) => `koalaci:jobs:${escapeId(user)}`;
/** Hash: how often, and when last, builds started from a snapshot; by the name of its image. */
export const snapshotKey = (image: string) => `koalaci:snapshot:${image}`;
