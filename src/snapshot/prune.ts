// Lists the snapshots, chooses those to remove, and removes them.
import { inspectImages, type ListedImage, listImages, removeImage } from '../docker/image.js';
import {
  defaultTagBeside,
  isBranchTag,
  isDefaultTag,
  LABEL,
  readLabel,
  snapshotPattern,
} from '../docker/names.js';
import type { InstallationId, UserId } from '../job/identity.js';
import type { SnapshotUse } from '../store/snapshot-uses.js';
import { removeStandbysOf } from './standbys.js';

export interface StoredSnapshot {
  /** The image's name and id. */
  name: string;
  id: string;
  user: string;
  project: string;
  /** In its canonical form. */
  repository: string;
  branch: string;
  /** Bytes, without the builder image. Layers that two snapshots share count for both. */
  bytes: number;
  /** When a build last saved it or started from it, in milliseconds since 1970. */
  usedAt: number;
  /** How many builds started from it. */
  hits: number;
}

/** A snapshot as users are shown it: the id of its image is none of their business. */
export function withoutImage({ id: _, ...entry }: StoredSnapshot): Omit<StoredSnapshot, 'id'> {
  return entry;
}

/** Reads how often and when last a build started from each of these snapshots. */
export type ReadUses = (names: string[]) => Promise<Map<string, SnapshotUse>>;

/** Every snapshot of an installation, one per branch, the last used one first; only one user's, if `user` is given. */
export async function listSnapshots(
  installation: InstallationId,
  readUses: ReadUses,
  user?: UserId,
): Promise<StoredSnapshot[]> {
  const images = (await namedSnapshots(installation)).filter(({ name }) => isBranchTag(name));
  const uses = await readUses(images.map(({ name }) => name));
  const entries = images.map((image) => toEntry(image, uses.get(image.name)));
  const own = user === undefined ? entries : entries.filter((entry) => entry.user === user);
  return own.sort((a, b) => b.usedAt - a.usedAt);
}

type NamedImage = ListedImage & { name: string };

/** The snapshots of an installation, once for each name. By name, as one that was pulled has the labels of another machine. */
async function namedSnapshots(installation: InstallationId): Promise<NamedImage[]> {
  const pattern = snapshotPattern(installation);
  const images = await listImages([`reference=${pattern}`]);
  const isOurs = (name: string) => name.startsWith(pattern.slice(0, -1));
  return images.flatMap((image) => image.names.filter(isOurs).map((name) => ({ name, ...image })));
}

/**
 * Chooses snapshots to remove, the most recently used first: those unused for `maxAge` ms, then more until the rest has at most
 * `maxBytes`. Each is taken from the user who has most by then, so nobody's builds push out those of users who have little. Pure.
 */
export function chooseForPruning(
  entries: StoredSnapshot[],
  { maxAge = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY }: PruneLimits,
  now: number,
): StoredSnapshot[] {
  const kept = new Set(entries.filter(({ usedAt }) => now - usedAt <= maxAge));
  while (sumOf(kept) > maxBytes) kept.delete(nextToGo(ofHeaviestUser(kept), maxBytes));
  return entries.filter((entry) => !kept.has(entry)).sort((a, b) => b.usedAt - a.usedAt);
}

interface PruneLimits {
  /** Milliseconds. */
  maxAge?: number;
  maxBytes?: number;
}

function ofHeaviestUser(entries: Iterable<StoredSnapshot>): StoredSnapshot[] {
  const byUser = new Map<string, StoredSnapshot[]>();
  for (const entry of entries) byUser.set(entry.user, [...(byUser.get(entry.user) ?? []), entry]);
  return [...byUser.values()].reduce((most, own) => (sumOf(own) > sumOf(most) ? own : most));
}

/** What does not fit by itself, else the least recently used one, else the largest. */
function nextToGo(entries: StoredSnapshot[], maxBytes: number): StoredSnapshot {
  const before = (a: StoredSnapshot, b: StoredSnapshot) =>
    Number(b.bytes > maxBytes) - Number(a.bytes > maxBytes) || a.usedAt - b.usedAt || b.bytes - a.bytes;
  return entries.reduce((first, entry) => (before(entry, first) < 0 ? entry : first));
}

function sumOf(entries: Iterable<StoredSnapshot>): number {
  let sum = 0;
  for (const { bytes } of entries) sum += bytes;
  return sum;
}

/**
 * Removes snapshots with their standby containers. If another container uses an image, the engine keeps the image and
 * removes only its name.
 */
export async function removeSnapshots(
  installation: InstallationId,
  entries: StoredSnapshot[],
): Promise<void> {
  if (entries.length === 0) return;
  await removeStandbysOf(installation, new Set(entries.map(({ id }) => id)));
  // A build that has ended since may have given the name to its own snapshot.
  const now = await inspectImages(entries.map(({ name }) => name));
  for (const [index, { name, id }] of entries.entries()) if (now[index]?.id === id) await removeImage(name);
  // If a default name points to an image that has just lost its branch name, it would keep the image: remove it too.
  const defaults = new Set(entries.map(({ name }) => defaultTagBeside(name)));
  const left = await namedSnapshots(installation);
  const branches = new Set(left.filter(({ name }) => !isDefaultTag(name)).map(({ id }) => id));
  const orphans = left.filter(({ id, name }) => defaults.has(name) && !branches.has(id));
  for (const { name } of orphans) await removeImage(name);
}

function toEntry({ name, id, labels, bytes }: NamedImage, use: SnapshotUse | undefined): StoredSnapshot {
  const builder = Number(labels[LABEL.builderBytes] ?? 0);
  return {
    name,
    id,
    user: readLabel(labels, LABEL.user),
    project: readLabel(labels, LABEL.project),
    repository: readLabel(labels, LABEL.repository),
    branch: readLabel(labels, LABEL.branch),
    bytes: Math.max(0, bytes - builder),
    usedAt: Math.max(Number(labels[LABEL.saved] ?? 0), use?.usedAt ?? 0),
    hits: use?.hits ?? 0,
  };
}

/** Whether an entry belongs to a project, and to a branch if one is given. */
export function isOf(entry: StoredSnapshot, project: string, branch?: string): boolean {
  return entry.project === project && (branch === undefined || entry.branch === branch);
}
