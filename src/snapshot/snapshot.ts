// Snapshots: images of a project's workspace after a build, from which the next build of the branch starts.
import { renameContainer } from '../docker/container.js';
import { type Image, inspectImage, inspectImages } from '../docker/image.js';
import { defaultTag, LABEL, ownerLabels, readLabel, savingName, snapshotTag } from '../docker/names.js';
import type { Storage } from '../docker/storage.js';
import type { SnapshotKey } from '../job/identity.js';
import type { RecordFields } from '../job/record.js';
import { checkProtocol } from '../sandbox/protocol.js';
import { fetchSnapshot, type Registry } from './registry.js';

/** The image that a build starts from. */
export interface BaseImage {
  image: string;
  /** The builder image, when `image` is a snapshot. */
  fallback?: string;
  /** Id of the builder image. A snapshot that was built on another one is not used. */
  builder: string;
  builderBytes: number;
  /** The hash of what the builder image was made from; undefined if it does not say. */
  recipe?: string;
  /** Where the engine keeps it; undefined if the builder image is missing. */
  storage: Storage | undefined;
  /** Id of the snapshot. */
  snapshot?: string;
  /** What the snapshot was made from, and when; undefined for a cold build, which starts from the builder image. */
  warm?: { branch: string; commit: string; savedAt?: number };
  /** Why a build is cold, in words. */
  cold?: string;
}

/** The engine mounts at most 127 layers. A snapshot with this many is not used: the next build is cold and starts a new one. */
const MOST_LAYERS = 100;

/** A build that took longer than this is waited for until it is saved, which takes about half a second. */
const BRIEF_MS = 3_000;

/** Labels of a build container. Its snapshot inherits them, for listing it and for deciding whether a build can use it. */
export function snapshotLabels(key: SnapshotKey, base: BaseImage): Record<string, string> {
  return {
    ...ownerLabels(key),
    [LABEL.builder]: base.builder,
    [LABEL.builderBytes]: String(base.builderBytes),
  };
}

export interface BaseOptions {
  /** Name of the builder image. */
  builder: string;
  cache: 'use' | 'read' | 'ignore';
  /** The default branch, if the job names it; else the one that has the default name counts. */
  defaultBranch: string | undefined;
  /** Where machines share their snapshots. */
  registry: Registry | undefined;
}

/**
 * Chooses what a build starts from: the branch's snapshot, else the default branch's, else the builder image.
 * @throws KoalaError `environment` when the engine does not answer, or the builder image speaks another protocol version
 */
export async function chooseBase(
  key: SnapshotKey,
  { builder, cache, defaultBranch, registry }: BaseOptions,
): Promise<BaseImage> {
  const tags = [
    snapshotTag(key),
    defaultBranch === undefined ? defaultTag(key) : snapshotTag({ ...key, branch: defaultBranch }),
  ];
  if (registry && cache !== 'ignore') await fetchSnapshot(registry, tags);
  const [base, ...snapshots] = await inspectImages([builder, ...tags]);
  const cold = coldBase(builder, base);
  if (base) checkProtocol(builder, base.labels);
  if (!base || cache === 'ignore') return { ...cold, cold: 'no cache was asked for' };
  const at = snapshots.findIndex((snapshot) => isUsable(snapshot, base, registry !== undefined));
  const snapshot = snapshots[at];
  const tag = tags[at];
  return snapshot && tag ? startingFrom(snapshot, tag, cold) : { ...cold, cold: whyCold(snapshots) };
}

/** Why none of these snapshots can be used. */
function whyCold(snapshots: (Image | undefined)[]): string {
  const found = snapshots.filter((snapshot) => snapshot !== undefined);
  if (found.length === 0) return 'nothing is kept of an earlier build';
  if (found.some(({ layers }) => layers >= MOST_LAYERS)) return 'the last build has too many layers';
  return 'the builder image is newer';
}

/**
 * The builder image, for what needs no snapshot.
 * @throws KoalaError `environment` when there is none, when it speaks another protocol version, or the engine does not answer
 */
export async function builderBase(builder: string): Promise<BaseImage> {
  const image = await inspectImage(builder);
  checkProtocol(builder, image.labels);
  return coldBase(builder, image);
}

/** What a build starts from that takes a container waiting on this snapshot (an image's id); undefined if that cannot be used. */
export async function baseOn(
  id: string,
  { builder, registry }: Pick<BaseOptions, 'builder' | 'registry'>,
): Promise<BaseImage | undefined> {
  const [base, snapshot] = await inspectImages([builder, id]);
  if (!base || !snapshot || !isUsable(snapshot, base, registry !== undefined)) return undefined;
  return startingFrom(snapshot, id, coldBase(builder, base));
}

function coldBase(image: string, builder: Image | undefined): BaseImage {
  const recipe = builder?.labels[LABEL.recipe];
  return {
    image,
    builder: builder?.id ?? '',
    builderBytes: builder?.bytes ?? 0,
    ...(recipe ? { recipe } : {}),
    storage: builder?.storage,
  };
}

function startingFrom({ id, labels }: Image, image: string, cold: BaseImage): BaseImage {
  const savedAt = Number(labels[LABEL.saved]);
  return {
    ...cold,
    image,
    fallback: cold.image,
    snapshot: id,
    warm: {
      branch: readLabel(labels, LABEL.branch),
      commit: readLabel(labels, LABEL.commit),
      ...(savedAt > 0 ? { savedAt } : {}),
    },
  };
}

/**
 * Whether a build can start from a snapshot. A snapshot of another builder image would mix two systems; one with many layers
 * is near the engine's limit. Machines that share snapshots each build their own builder image, so there it is enough that
 * both images were made from the same files.
 */
export function isUsable(snapshot: Image | undefined, builder: Image, shared = false): boolean {
  if (!snapshot || snapshot.layers >= MOST_LAYERS) return false;
  const recipe = builder.labels[LABEL.recipe];
  if (shared && recipe && snapshot.labels[LABEL.recipe] === recipe) return true;
  return snapshot.labels[LABEL.builder] === builder.id;
}

/**
 * Whether a build has anything new to save. It has not if it started from a snapshot of the same commit and branch, and
 * installed nothing.
 */
export function isWorthSaving(
  { warm }: BaseImage,
  { branch, commit, steps = [] }: Readonly<RecordFields>,
): boolean {
  const installed = steps.some(({ step, skipped }) => step === 'install' && !skipped);
  return installed || warm?.branch !== branch || warm.commit !== commit;
}

/**
 * Whether to do a build's work once more takes no longer than to wait until it is saved: the next build may then start from what
 * this one started from. `took`: milliseconds. Pure.
 */
export function isBrief({ steps = [] }: Readonly<RecordFields>, took: number): boolean {
  return took < BRIEF_MS && steps.some(({ step, skipped }) => step === 'install' && skipped === true);
}

/**
 * Renames a build's container, so that the next build sees that it is being saved; and once more for the process that saves it, so
 * that the reaper sees when that has died.
 */
export async function handOver(id: string, name: string, isBrief: boolean, saver?: string): Promise<void> {
  // If this fails, only the wait for the snapshot is lost.
  await renameContainer(id, savingName(name, isBrief, saver)).catch(() => {});
}
