// Removes the archives that the rules no longer keep, the objects that nobody needs, and what removals and dead runners have left.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { removePartials } from '../runner/partials.js';
import { chooseForRemoval } from './choose.js';
import { OBJECT_AGE_MS, type ObjectSum, pruneObjects } from './prune-objects.js';
import { removeArchive } from './remove.js';
import { isOfEarlierVersion, noteReported, reportedFor } from './reported.js';
import { type Rule, type Rules, whyOf } from './rules.js';
import type { JudgedArchive } from './standing.js';
import { survey } from './survey.js';

export interface PruneOptions {
  artifacts: ArtifactDirectory;
  rules: Rules;
  /** Only reports. */
  dryRun: boolean;
  /** After an upgrade, how many ms the report has to be old before anything is removed. */
  noticeMs: number;
  /** How long an object stays after it was last needed. */
  objectAgeMs?: number;
}

export interface Pruned {
  archive: JudgedArchive;
  rule: Rule;
  why: string;
}

/** `isReport`: nothing was removed; `pruned` is what would be. `bytes` are what is free by then, without those of objects. */
export interface PruneOutcome {
  pruned: Pruned[];
  bytes: number;
  /** What of them is needed until then is not counted by a report. */
  objects: ObjectSum;
  isReport: boolean;
  /** Why some could not be removed: the first of these errors. */
  failure?: unknown;
}

/** Removes what the rules no longer keep. The first time after an upgrade from a version that removed nothing, it only reports. */
export async function prune(redis: Redis, options: PruneOptions): Promise<PruneOutcome> {
  const { artifacts, rules, dryRun, objectAgeMs = OBJECT_AGE_MS } = options;
  const chosen = chooseForRemoval(await survey(redis, artifacts), rules, Date.now());
  const all = [...chosen].map(([archive, rule]) => ({ archive, rule, why: whyOf(rule, rules) }));
  if (dryRun || (await isNews(all, options))) {
    const { failure: _, ...objects } = await pruneObjects({ artifacts, dryRun: true, ageMs: objectAgeMs });
    return { ...outcomeOf(all, objects), isReport: true };
  }
  await removePartials(artifacts);
  const pruned: Pruned[] = [];
  let failure: unknown;
  for (const one of all) {
    const removing = removeArchive(redis, one.archive, one.why);
    const isGone = await removing.catch((error: unknown) => {
      failure ??= error;
      return false;
    });
    if (isGone) pruned.push(one);
  }
  const { failure: left, ...objects } = await pruneObjects({ artifacts, dryRun, ageMs: objectAgeMs });
  failure ??= left;
  return { ...outcomeOf(pruned, objects), ...(failure === undefined ? {} : { failure }) };
}

/** Whether an operator has to hear of it first. Notes that they do now. */
async function isNews(all: Pruned[], { artifacts, noticeMs }: PruneOptions): Promise<boolean> {
  if (!all.some(({ archive }) => isOfEarlierVersion(archive))) return false;
  const since = await reportedFor(artifacts.directory);
  if (since === undefined) await noteReported(artifacts.directory);
  return since === undefined || since < noticeMs;
}

function outcomeOf(pruned: Pruned[], objects: ObjectSum): PruneOutcome {
  const bytes = pruned.reduce((sum, { archive }) => sum + archive.bytes, 0);
  return { pruned, bytes, objects, isReport: false };
}
