// Serves artifacts that are here already: rolls back, goes on after that, and sends again what could not be uploaded. Nothing of it
// needs the repository, the registry or the engine.
import { KoalaError } from '../job/errors.js';
import type { DeploymentId, JobId } from '../job/identity.js';
import { type Candidate, parseReleases, releasesAt } from '../releases/project-releases.js';
import type { Releasing } from '../releases/releasing.js';
import { ship } from '../releases/ship.js';
import { type Outcome, unpin } from '../releases/switch.js';
import { readReleases } from '../store/releases.js';
import { CURRENT } from '../upload/place.js';
import { readRelease } from '../upload/release.js';
import type { Release, ReleaseOwner, TargetOptions } from '../upload/target.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import { findShipped } from './find.js';
import { absentArtifact, otherArchive } from './shipped.js';

/** Who releases, and at which target; at all if it is not named. */
export interface By {
  user: string;
  target?: string | undefined;
}

/** What came of the end of a pin: the deployment that is served instead, if one waited for that. */
export interface Resumed {
  target: string;
  deployment?: string;
}

/**
 * Serves a deployment as the site itself. Builds do not replace it until somebody resumes.
 * @throws KoalaError `not_found`; `conflict` when it has no artifact, or not on this machine; `bad_input` for another target
 */
export async function releaseArtifact(
  context: Releasing,
  targets: ConfiguredTarget[],
  { id, by, options }: { id: JobId; by: By; options: TargetOptions },
): Promise<Outcome[]> {
  const aims = namedIn(targets, by.target).map((one) => ({ ...one, place: CURRENT }));
  const release = await releaseHere(context, id);
  return (await ship(context, { release, aims, by: { user: by.user } }, options)) ?? [];
}

/**
 * Lets builds replace what was released by hand, and serves the one that would be there by now.
 * @throws KoalaError `conflict` when nothing is pinned, or what waits is not on this machine; `bad_input` for another target
 */
export async function resume(
  context: Releasing,
  targets: ConfiguredTarget[],
  { owner, by, options }: { owner: ReleaseOwner; by: By; options: TargetOptions },
): Promise<Resumed[]> {
  const releases = parseReleases(await readReleases(context.redis, owner));
  const pinned = namedIn(targets, by.target).filter(({ target }) => releasesAt(releases, target.name).pinned);
  if (pinned.length === 0) {
    throw new KoalaError('conflict', `what project ${owner.project} has served is not held by a release`, {
      remedy: 'There is nothing to resume: the next build is served.',
    });
  }
  const resumed: Resumed[] = [];
  for (const one of pinned) {
    const { held } = releasesAt(releases, one.target.name);
    if (held) await serveHeld(context, one, { owner, held, by, options });
    else await unpin(context, owner, { target: one.target.name, signal: options.signal });
    resumed.push({ target: one.target.name, ...(held ? { deployment: held.deployment } : {}) });
  }
  return resumed;
}

/**
 * The release of a deployment of this user that lies here.
 * @throws KoalaError `not_found`, `conflict`
 */
export async function releaseHere({ redis, artifacts }: Releasing, id: JobId): Promise<Release> {
  const { record: _, ...shipped } = await findShipped(redis, artifacts, id);
  const { manifest, digest } = shipped.info;
  const release = await readRelease(manifest, artifacts).catch((error: unknown) => {
    throw error instanceof KoalaError && error.kind === 'not_found' ? absentArtifact(shipped) : error;
  });
  if (digest !== undefined && release.digest !== digest) throw otherArchive(shipped);
  return release;
}

/**
 * The targets of a name, or all of them.
 * @throws KoalaError `bad_input` when there is none
 */
export function namedIn(targets: ConfiguredTarget[], name: string | undefined): ConfiguredTarget[] {
  const named = targets.filter(({ target }) => name === undefined || target.name === name);
  if (named.length > 0) return named;
  const names = targets.map(({ target }) => target.name).join(', ');
  const what = name === undefined ? 'there are no targets' : `there is no target ${JSON.stringify(name)}`;
  throw new KoalaError('bad_input', names ? `${what}, only: ${names}` : what, {
    remedy: 'The operator describes them in targets.json in the data directory; see the README.',
  });
}

interface Held {
  owner: ReleaseOwner;
  held: Candidate;
  by: By;
  options: TargetOptions;
}

async function serveHeld(
  context: Releasing,
  target: ConfiguredTarget,
  { owner, held, by, options }: Held,
): Promise<void> {
  const release = await releaseHere(context, {
    user: owner.user,
    deployment: held.deployment as DeploymentId,
  });
  const aims = [{ ...target, place: CURRENT }];
  await ship(context, { release, aims, by: { user: by.user, ends: 'pin' } }, options);
}
