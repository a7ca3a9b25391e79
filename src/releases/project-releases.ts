// What a project has served, and does, at each target: what follows from that, and how it changes. Pure.
import * as z from 'zod';
import type { JobRecord, ReleaseInfo } from '../job/record.js';
import { canonicalRepository } from '../job/repository.js';
import { isLocalSource } from '../job/rules.js';
import { CURRENT } from '../upload/place.js';
import type { Place } from '../upload/target.js';

const time = z.number();

/** A deployment that may be served. */
const Candidate = z.object({
  deployment: z.string(),
  digest: z.string(),
  branch: z.string(),
  /** In its canonical form; empty for one of the machine itself, which only who is trusted can name. */
  repository: z.string(),
  /** When its job was created: a newer one is never replaced by an older one that ends later. */
  createdAt: time,
});
const Released = Candidate.extend({
  releasedAt: time,
  releasedBy: z.string(),
  /** The newest that was served there so far: a rollback to an older one does not make way for one between the two. */
  newestAt: time,
});
const TargetReleases = z.object({
  /** By place. */
  served: z.record(z.string(), Released),
  /** What was served as the site itself before, the last one first, as many as the target keeps. */
  kept: z.array(Released.extend({ replacedAt: time })),
  /** Somebody has released one by hand: builds do not replace it. */
  pinned: z.object({ pinnedAt: time, pinnedBy: z.string() }).optional(),
  /** The newest that would be served by now, if it were not pinned. */
  held: Candidate.optional(),
});

export type Candidate = z.infer<typeof Candidate>;
export type Released = z.infer<typeof Released>;
export type TargetReleases = z.infer<typeof TargetReleases>;
/** By the name of the target. */
export type ProjectReleases = Record<string, TargetReleases>;

const NONE: TargetReleases = { served: {}, kept: [] };

/** Reads the fields of a hash in Redis. What cannot be read counts as nothing. */
export function parseReleases(hash: Record<string, string>): ProjectReleases {
  return Object.fromEntries(Object.entries(hash).map(([target, text]) => [target, parseOne(text)]));
}

/** What is known of a target. */
export function releasesAt(releases: ProjectReleases, target: string): TargetReleases {
  return releases[target] ?? NONE;
}

/** Why a build that is READY is not served from a place; undefined if it is. */
export function whyNotServed(
  { served, pinned }: TargetReleases,
  place: Place,
  { createdAt, repository }: Candidate,
): string | undefined {
  const now = served[place];
  if (now && place === CURRENT && isAnother(now.repository, repository))
    return 'it is of another repository than the site; "koalaci release" moves the site to that';
  if (now && createdAt < now.newestAt)
    return now.createdAt > createdAt
      ? `${now.deployment}, which was created later, is`
      : 'one that was created later was';
  if (!now || !pinned || place !== CURRENT) return undefined;
  return `${now.deployment} stays, which ${pinned.pinnedBy} has released, until "koalaci release --resume"`;
}

/** Whether the site is served from a branch of a repository, at whatever target. */
export function isSite(
  releases: ProjectReleases,
  { branch, repo }: Pick<JobRecord, 'branch' | 'repo'>,
): boolean {
  const repository = repositoryOf(repo);
  return Object.values(releases).some(({ served }) => {
    const site = served[CURRENT];
    return site?.branch === branch && !isAnother(site.repository, repository);
  });
}

/** What a candidate says of its repository. */
export function repositoryOf(repo: string): string {
  return isLocalSource(repo) ? '' : canonicalRepository(repo);
}

/** After a deployment is served from a place. */
export function withServed(
  before: TargetReleases,
  place: Place,
  { candidate, by, now, keep }: { candidate: Candidate; by: string; now: number; keep: number },
): TargetReleases {
  const last = before.served[place];
  const newestAt = Math.max(candidate.createdAt, last?.newestAt ?? 0);
  const served = { ...before.served, [place]: { ...candidate, releasedAt: now, releasedBy: by, newestAt } };
  if (place !== CURRENT) return { ...before, served };
  const replaced = last ? [{ ...last, replacedAt: now }, ...before.kept] : before.kept;
  const others = replaced.filter(({ deployment }) => deployment !== candidate.deployment);
  const isFirst = ({ deployment }: Candidate, at: number) =>
    others.findIndex((one) => one.deployment === deployment) === at;
  return { ...before, served, kept: others.filter(isFirst).slice(0, keep) };
}

/** After somebody has released what is served as the site itself: builds leave it there. */
export function withPin(before: TargetReleases, pinnedBy: string, pinnedAt: number): TargetReleases {
  const { held: _, ...rest } = before;
  return { ...rest, pinned: { pinnedAt, pinnedBy } };
}

/** After builds may replace it again. */
export function withoutPin({ pinned: _, held: __, ...rest }: TargetReleases): TargetReleases {
  return rest;
}

/** After a build that would be served was not, because of a pin. */
export function withHeld(before: TargetReleases, candidate: Candidate): TargetReleases {
  const isNewer =
    before.pinned && candidate.createdAt >= (before.held?.createdAt ?? before.served[CURRENT]?.newestAt ?? 0);
  return isNewer ? { ...before, held: candidate } : before;
}

function isAnother(one: string, other: string): boolean {
  return one !== '' && other !== '' && one !== other;
}

/** The deployments that are served or kept, each with what its record says of that. */
export function keptReleases(releases: ProjectReleases): Map<string, ReleaseInfo[]> {
  const kept = new Map<string, ReleaseInfo[]>();
  for (const [target, { served, kept: before }] of Object.entries(releases)) {
    const all = [
      ...Object.entries(served).map(([place, one]) => ({ place, ...one })),
      ...before.map((one) => ({ place: CURRENT, ...one })),
    ];
    for (const { deployment, place, releasedAt, releasedBy, ...one } of all) {
      const replaced = 'replacedAt' in one ? { replacedAt: one.replacedAt as number } : {};
      const info = { target, place, releasedAt, releasedBy, ...replaced };
      kept.set(deployment, [...(kept.get(deployment) ?? []), info]);
    }
  }
  return kept;
}

/** All releases of a target that are served or kept. */
export function allAt({ served, kept }: TargetReleases): Released[] {
  return [...Object.values(served), ...kept];
}

function parseOne(text: string): TargetReleases {
  try {
    return TargetReleases.parse(JSON.parse(text));
  } catch {
    return NONE;
  }
}
