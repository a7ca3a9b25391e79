// Removes the archives that the rules no longer keep, and what removals and dead runners have left.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { removePartials } from '../runner/partials.js';
import { chooseForRemoval } from './choose.js';
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
}

export interface Pruned {
  archive: JudgedArchive;
  rule: Rule;
  why: string;
}

/** `isReport`: nothing was removed; `pruned` is what would be. `bytes` are what is free by then. */
export interface PruneOutcome {
  pruned: Pruned[];
  bytes: number;
  isReport: boolean;
  /** Why some could not be removed: the first of these errors. */
  failure?: unknown;
}

/** Removes what the rules no longer keep. The first time after an upgrade from a version that removed nothing, it only reports. */
export async function prune(redis: Redis, options: PruneOptions): Promise<PruneOutcome> {
  const { artifacts, rules, dryRun } = options;
  const chosen = chooseForRemoval(await survey(redis, artifacts), rules, Date.now());
  const all = [...chosen].map(([archive, rule]) => ({ archive, rule, why: whyOf(rule, rules) }));
  if (dryRun || (await isNews(all, options))) return outcomeOf(all, true);
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
  return { ...outcomeOf(pruned, false), ...(failure === undefined ? {} : { failure }) };
}

/** Whether an operator has to hear of it first. Notes that they do now. */
async function isNews(all: Pruned[], { artifacts, noticeMs }: PruneOptions): Promise<boolean> {
  if (!all.some(({ archive }) => isOfEarlierVersion(archive))) return false;
  const since = await reportedFor(artifacts.directory);
  if (since === undefined) await noteReported(artifacts.directory);
  return since === undefined || since < noticeMs;
}

function outcomeOf(pruned: Pruned[], isReport: boolean): PruneOutcome {
  return { pruned, isReport, bytes: pruned.reduce((sum, { archive }) => sum + archive.bytes, 0) };
}
