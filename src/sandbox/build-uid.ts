// The uid of a user's builds: what still separates them from those of other users where a container does not. Pure.
import { createHmac } from 'node:crypto';
import { escapeId, type UserId } from '../job/identity.js';

/** Above the uids of people, services and nobody. */
const FIRST = 2 ** 20;
/** Up to 2^21: no archive of the old forms of tar, which some build tools write, has room for a greater one. */
const UIDS = 2 ** 20;

/**
 * The uid, which is the gid, too: the same in each build of the user, since a snapshot's files have it, on all machines that share
 * snapshots. It derives from the secret that these share, so nobody can look for a name that has another user's. By chance, two of a
 * hundred users have the same one in 1 of 200 installations; the container alone separates these two.
 */
export function buildUid(secret: string, user: UserId): number {
  const hash = createHmac('sha256', secret)
    .update(`build uid:${escapeId(user)}`)
    .digest();
  return FIRST + (hash.readUInt32BE() % UIDS);
}
