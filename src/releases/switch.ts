// Serves a deployment at targets: at all of them, or nothing changes. One process at a time does that for a project.
import { KoalaError, messageOf } from '../job/errors.js';
import { ProjectLock } from '../store/project-lock.js';
import { readReleases, writeReleases } from '../store/releases.js';
import { CURRENT } from '../upload/place.js';
import type {
  Place,
  PreparedUpload,
  Release,
  ReleaseOwner,
  ServeOptions,
  TargetOptions,
} from '../upload/target.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import type { OtherUpload } from './other-uploads.js';
import {
  allAt,
  type Candidate,
  keptReleases,
  type ProjectReleases,
  parseReleases,
  releasesAt,
  repositoryOf,
  whyNotServed,
  withHeld,
  withoutPin,
  withPin,
  withServed,
} from './project-releases.js';
import { earlierRelease, type Releasing } from './releasing.js';
import { type RetryOptions, retried } from './retried.js';

/** A target, and from where in it the deployment is to be served. */
export interface Aim extends ConfiguredTarget {
  place: Place;
  /** What the target has prepared for the upload. */
  prepared?: PreparedUpload | undefined;
}

/** What came of a target: whether the deployment is served there, or why not. */
export interface Outcome {
  target: string;
  place: Place;
  whyNot?: string;
}

export interface Switch {
  release: Release;
  aims: Aim[];
  /** What else has to be uploaded before it is served. */
  others?: readonly OtherUpload[];
  /** Who wants it. What a build wants does not replace what is newer or pinned; a user pins what they release, or ends that. */
  by: { build: true } | { user: string; ends?: 'pin' };
  /** Asked at the last moment: whether this may be served still. */
  confirm?: () => Promise<boolean>;
}

/**
 * Serves a deployment from its places, of which it has been uploaded to all. If one target fails, nothing changes.
 * Returns undefined if it was not confirmed.
 * @throws whatever the target threw
 */
export async function switchTo(
  context: Releasing,
  wanted: Switch,
  options: RetryOptions,
): Promise<Outcome[] | undefined> {
  const { redis, retentionSeconds } = context;
  await using lock = await ProjectLock.take(redis, wanted.release, options.signal);
  const before = parseReleases(await readReleases(redis, wanted.release));
  const outcomes = wanted.aims.map((aim) => outcomeOf(before, wanted, aim));
  if (wanted.confirm && !(await wanted.confirm())) return undefined;
  const aims = wanted.aims.filter((_, index) => outcomes[index]?.whyNot === undefined);
  const serving = { ...options, ...servingWith(lock, options.signal) };
  await serveAll(aims, { context, wanted, before, options: serving });
  const after = changed(before, wanted, outcomes);
  const kept = keptReleases(after);
  const isWritten = await writeReleases(redis, lock, {
    targets: Object.fromEntries(Object.entries(after).map(([name, one]) => [name, JSON.stringify(one)])),
    kept,
    dropped: [...keptReleases(before).keys()].filter((deployment) => !kept.has(deployment)),
    retentionSeconds,
  });
  if (!isWritten) throw new KoalaError('environment', 'another process has switched the project meanwhile');
  await tidy(aims, wanted.release, after, options);
  return outcomes;
}

/** Ends the pin of a target without serving anything else. Returns whether there was one. */
export async function unpin(
  { redis, retentionSeconds }: Releasing,
  owner: ReleaseOwner,
  { target, signal }: { target: string; signal: AbortSignal },
): Promise<boolean> {
  await using lock = await ProjectLock.take(redis, owner, signal);
  const before = parseReleases(await readReleases(redis, owner));
  const one = releasesAt(before, target);
  if (!one.pinned) return false;
  const targets = { [target]: JSON.stringify(withoutPin(one)) };
  return writeReleases(redis, lock, { targets, kept: keptReleases(before), dropped: [], retentionSeconds });
}

function candidateOf({ release }: Switch): Candidate {
  const { deployment, digest, branch, createdAt, repo } = release;
  return { deployment, digest, branch, createdAt, repository: repositoryOf(repo) };
}

function outcomeOf(before: ProjectReleases, wanted: Switch, { target, place }: Aim): Outcome {
  const isBuild = 'build' in wanted.by;
  const whyNot = isBuild
    ? whyNotServed(releasesAt(before, target.name), place, candidateOf(wanted))
    : undefined;
  return { target: target.name, place, ...(whyNot === undefined ? {} : { whyNot }) };
}

/** What is known of each target after all that. */
function changed(before: ProjectReleases, wanted: Switch, outcomes: Outcome[]): ProjectReleases {
  const { by, aims } = wanted;
  const [candidate, now] = [candidateOf(wanted), Date.now()];
  const after = { ...before };
  for (const [index, { target, place, whyNot }] of outcomes.entries()) {
    const one = releasesAt(before, target);
    const { keep = 1 } = aims[index] ?? {};
    if (whyNot !== undefined) {
      after[target] = place === CURRENT ? withHeld(one, candidate) : one;
      continue;
    }
    const user = 'user' in by ? by.user : 'build';
    const served = withServed(one, place, { candidate, by: user, now, keep });
    const pins = 'user' in by && place === CURRENT;
    after[target] = !pins ? served : by.ends === 'pin' ? withoutPin(served) : withPin(served, user, now);
  }
  return after;
}

interface Serving {
  context: Releasing;
  wanted: Switch;
  before: ProjectReleases;
  options: ServeOptions & RetryOptions;
}

async function serveAll(aims: Aim[], serving: Serving): Promise<void> {
  const { wanted, options } = serving;
  const begun: Aim[] = [];
  try {
    for (const aim of aims) {
      begun.push(aim);
      const { target, place } = aim;
      await retried(
        `serving from ${target.name}`,
        () => target.serve(wanted.release, place, options),
        options,
      );
    }
  } catch (error) {
    for (const aim of begun.reverse()) await putBack(aim, serving);
    throw error;
  }
}

/** Has a target serve again what it served before: it may have begun to serve the other. */
async function putBack({ target, place }: Aim, { context, wanted, before, options }: Serving): Promise<void> {
  const last = releasesAt(before, target.name).served[place];
  // Whatever has ended the rest does not end this.
  const undo = { ...options, signal: new AbortController().signal };
  try {
    if (last === undefined) return await target.withdraw(wanted.release, place, undo);
    const { user, project } = wanted.release;
    await target.serve(await earlierRelease(context, { user, project, ...last }), place, undo);
  } catch (error) {
    const was = last === undefined ? 'nothing' : last.deployment;
    options.say(
      `${target.name} served ${was} from ${place} before, and could not be put back: ${messageOf(error)}`,
    );
  }
}

function servingWith(lock: ProjectLock, signal: AbortSignal): Pick<ServeOptions, 'signal' | 'maySwitch'> {
  return { signal: AbortSignal.any([signal, lock.signal]), maySwitch: () => lock.isOurs };
}

/** What is left over does no harm, and goes after the next switch. */
async function tidy(
  aims: Aim[],
  owner: ReleaseOwner,
  after: ProjectReleases,
  { say }: Pick<TargetOptions, 'say'>,
): Promise<void> {
  for (const { target } of aims)
    await target
      .tidy?.(owner, allAt(releasesAt(after, target.name)) as unknown as Release[])
      .catch((error: unknown) => say(`old releases stay at ${target.name}: ${messageOf(error)}`));
}
