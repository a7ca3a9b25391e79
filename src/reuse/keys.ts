// The keys under which builds are remembered: what has to be the same for a build to stand for a job. Pure.
import { createHash } from 'node:crypto';
import { escapeId, type ProjectId, type UserId } from '../job/identity.js';
import type { EntryKey } from '../store/reuse.js';
import { type Inputs, keyedHash } from './inputs.js';
import type { Related } from './related.js';
import type { Refs, Tree } from './tree.js';

/** Of whom, of which repository, and by which branches it may be reused. */
export interface ReuseScope {
  user: UserId;
  project: ProjectId;
  /** In its canonical form. */
  repository: string;
  branch: string;
}

/** A branch reads what it has built itself, and what the default branch has, never the reverse. */
export function scopesOf(own: ReuseScope, defaultBranch: string | undefined): string[] {
  const branches = defaultBranch === undefined ? [own.branch] : [own.branch, defaultBranch];
  return [...new Set(branches)].map((branch) => scopeName({ ...own, branch }));
}

/** The scope as a part of a key in Redis. */
export function scopeName({ user, project, repository, branch }: ReuseScope): string {
  return [escapeId(user), escapeId(project), storeName(repository), escapeId(branch)].join(':');
}

/** The name of a repository's store. */
export function storeName(repository: string): string {
  return createHash('sha256').update(repository).digest('hex').slice(0, 32);
}

/** What makes keys: the hashes of all that counts beside the repository, and the secret for more of them. */
export interface KeyMaker {
  secret: string;
  inputs: Inputs;
}

/** The key of builds of this very commit. git's data say more than the commit: the branch, tags, and which branch is the default one. */
export function commitKey(
  maker: KeyMaker,
  { commit, tags, isDetached, defaultBranch }: Refs,
  branch: string,
): string {
  return keyOf(maker, 'commit', [commit, tags, branch, isDetached, defaultBranch ?? null]);
}

/** The key of builds of all the same files, whatever their commit is. */
export function treeKey(maker: KeyMaker, { id }: Tree): string {
  return keyOf(maker, 'tree', id);
}

/** The key of builds whose related files are the same. What they look at beside these comes to it: relatedKey(). */
export function relatedBase(maker: KeyMaker, { files, lock }: Related): string {
  return keyOf(maker, 'related', [files, lock]);
}

/** The key of a build that has looked at these places, too; undefined if one of them is none of the tree's. */
export function relatedKey(maker: KeyMaker, related: Related, places: readonly string[]): string | undefined {
  const states = places.map((place) => related.stateOf(place));
  if (states.includes(undefined)) return undefined;
  return keyOf(maker, 'related and', [relatedBase(maker, related), places, states]);
}

/** Keys in several scopes, the first one first. */
export function inScopes(scopes: readonly string[], keys: readonly string[]): EntryKey[] {
  return scopes.flatMap((scope) => keys.map((key) => ({ scope, key })));
}

function keyOf({ secret, inputs }: KeyMaker, kind: string, what: unknown): string {
  return keyedHash(secret, [kind, inputs, what]);
}
