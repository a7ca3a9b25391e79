// Decides whether a job needs a build: asks its repository where the branch is, and Redis for a READY build with the same inputs. Starts
// no build container.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import { credentialsFor } from '../job/credentials.js';
import { messageOf } from '../job/errors.js';
import type { Watched } from '../sandbox/job-input.js';
import { readCredentials } from '../settings/credentials.js';
import { readKnownHosts } from '../settings/known-hosts.js';
import type { Proxies } from '../settings/proxies.js';
import {
  countPossible,
  type FoundEntry,
  findEntry,
  type LatestBuild,
  latestBuild,
  type ReuseEntry,
  readsOf,
  removeEntry,
  reuseOff,
} from '../store/reuse.js';
import { type TakenArtifact, type Taking, takeArtifact } from './artifact.js';
import { inputsOf, reuseSecret, type Surroundings } from './inputs.js';
import type { AskedJob, Inquiry } from './inquiry.js';
import { type ReuseScope, scopeName, scopesOf } from './keys.js';
import { modeOf, type ReuseSettings } from './mode.js';
import { keysOf, type Plan, planOf, readsKeys, watchedOf, withTree } from './plan.js';
import { TreeReader } from './reader.js';
import { relatedOf } from './related.js';
import { makeTreeRequest } from './request.js';
import type { Refs, Unanswered } from './tree.js';
import { whyBuilt, whyReused } from './why.js';

export interface ReuseContext extends Omit<Surroundings, 'image' | 'host'> {
  redis: Redis;
  secret: string;
  /** The files of the operator's credentials, and of the ssh host keys that builds accept. */
  credentials: string | undefined;
  knownHosts: string;
  proxies: Proxies;
  reuse: ReuseSettings;
  /** How the artifact is taken. */
  taking: Taking;
}

/** The job has the artifact of an earlier build. */
export interface Reused extends AsyncDisposable {
  kind: 'reused';
  entry: ReuseEntry;
  artifact: TakenArtifact;
  refs: Refs;
  /** In words, for the log. */
  why: string;
}

/** The job has to be built. */
export interface Built {
  kind: 'built';
  why: string;
  /** How its build will be remembered; undefined if it cannot be. */
  plan?: Plan;
  /** What that has to be watched for. */
  watch?: Watched;
  /** A build that would have been reused, were it not to be compared with this one. */
  audited?: ReuseEntry;
}

/** Decides, and ends the inquiry. Whatever cannot be found out means: build, and say so. */
export async function decideReuse(inquiry: Inquiry, context: ReuseContext): Promise<Reused | Built> {
  using _inquiry = inquiry;
  try {
    const { user, project } = inquiry.job;
    const [off, latest] = await Promise.all([
      reuseOff(context.redis, user, project),
      latestBuild(context.redis, scopeName(inquiry.job)),
    ]);
    if (off) return built(off);
    const answer = await ask(inquiry, context, latest);
    using _ = answer.reader;
    return await decide(answer, inquiry, context);
  } catch (error) {
    return built(`nothing could be looked up for reuse: ${messageOf(error)}`);
  }
}

interface Answer {
  reader: TreeReader;
  refs: Refs | Unanswered;
  latest: LatestBuild | undefined;
}

/** Asks where the branch is. */
async function ask(
  { job, reader, container, head }: Inquiry,
  context: ReuseContext,
  latest: LatestBuild | undefined,
): Promise<Answer> {
  const operator = await readCredentials(context.credentials);
  const request = makeTreeRequest({
    ...{ payload: job.payload, proxies: context.proxies, extraCa: context.extraCa },
    credentials: credentialsFor(job.payload, operator.credentials),
    knownHosts: [...operator.knownHosts, ...readKnownHosts(context.knownHosts)],
    since: latest?.commit,
  });
  return { ...(await TreeReader.ask(reader, container, { head, job: request })), latest };
}

async function decide(
  { reader, refs, latest }: Answer,
  { job, image }: Inquiry,
  context: ReuseContext,
): Promise<Reused | Built> {
  if ('failure' in refs) return built(`nothing is known of the repository: ${refs.message}`);
  const own: ReuseScope = job;
  const secret = reuseSecret(context.secret, job);
  const maker = { secret, inputs: inputsOf(job.payload, surroundingsOf(context, await image), secret) };
  const scopes = scopesOf(own, job.payload.project_default_branch ?? refs.defaultBranch);
  const seen: Seen = { plan: planOf(maker, scopes, refs, job.branch), latest };
  return await look(job, context, { seen, refs, reader });
}

interface Seen {
  plan: Plan;
  latest: LatestBuild | undefined;
  /** Why the tree is not known. */
  unseen?: string;
  /** Why all of it counts, though only what is related should. */
  narrow?: string;
}

/** Looks for a build of the commit, then for one of its files. */
async function look(
  job: AskedJob,
  context: ReuseContext,
  { seen, refs, reader }: { seen: Seen; refs: Refs; reader: TreeReader },
): Promise<Reused | Built> {
  const { redis } = context;
  // A job that is to be built from nothing looks at nothing, and is remembered.
  const isAsked = job.payload.cache !== 'ignore';
  const first = isAsked ? await findEntry(redis, keysOf(seen.plan, [])) : undefined;
  if (first) {
    const used = await use(first, { job, context, seen, refs });
    if (used.kind === 'reused' || used.audited) return used;
  }
  // Its answer may depend on what has changed since another commit.
  const { project_ignore_command: ignore } = job.payload;
  if (ignore?.trim())
    return built(whyBuilt(seen.plan, { ...seen, unseen: 'the job has an ignore command' }), seen.plan);
  const wide = await widen(job, context, { seen, reader });
  const { plan, narrow } = wide;
  if (!isAsked) return built('the job is to be built from nothing', plan);
  const reads = (await Promise.all(readsKeys(plan).map((key) => readsOf(redis, key)))).flat();
  const found = await findEntry(redis, keysOf(plan, reads));
  if (found) return use(found, { job, context, seen: wide, refs });
  const all = narrow ? ` (every file counts: ${narrow})` : '';
  return built(whyBuilt(plan, wide) + all, plan);
}

/** Asks for the tree, and finds out what is related. */
async function widen(
  job: AskedJob,
  { reuse }: ReuseContext,
  { seen, reader }: { seen: Seen; reader: TreeReader },
): Promise<Seen> {
  const tree = await reader.tree(seen.latest !== undefined);
  if ('failure' in tree) return { ...seen, unseen: tree.message };
  const isWide = modeOf(job.payload, reuse) === 'related';
  const { project_root: root = '.', project_package_manager: manager } = job.payload;
  const related = isWide ? relatedOf(tree, root, manager) : undefined;
  const plan = withTree(seen.plan, tree, undefined);
  if (!related) return { ...seen, plan };
  if ('why' in related) return { ...seen, plan, narrow: related.why };
  return { ...seen, plan: withTree(seen.plan, tree, related) };
}

/** Reuses a build that was found, unless its artifact is not what it was, or it is the turn of this job to be compared with it. */
async function use(
  found: FoundEntry,
  { job, context, seen, refs }: { job: AskedJob; context: ReuseContext; seen: Seen; refs: Refs },
): Promise<Reused | Built> {
  const { redis, reuse, taking } = context;
  const { entry } = found;
  const { plan, latest } = seen;
  const artifact = await takeArtifact(entry, taking);
  if ('why' in artifact) {
    await removeEntry(redis, found);
    return built(`${entry.deployment} would do, but ${artifact.why}`, plan);
  }
  if (await isAudited(redis, reuse, job)) {
    await artifact[Symbol.asyncDispose]();
    const why = `${entry.deployment} would do; this build is compared with it`;
    return { ...built(why, plan), audited: entry };
  }
  const why = whyReused(entry, plan, { root: job.payload.project_root, latest });
  return {
    ...{ kind: 'reused', entry, artifact, refs, why },
    [Symbol.asyncDispose]: () => artifact[Symbol.asyncDispose](),
  };
}

function built(why: string, plan?: Plan): Built {
  return { kind: 'built', why: `built: ${why}`, ...(plan ? { plan, watch: watchedOf(plan) } : {}) };
}

async function isAudited(
  redis: Redis,
  { audit }: ReuseSettings,
  { user, project }: AskedJob,
): Promise<boolean> {
  return audit > 0 && (await countPossible(redis, user, project)) % audit === 0;
}

/** Artifacts lie on the machine that built them. */
function surroundingsOf(
  { runtime, limits, frozenLockfile, extraCa, proxies }: ReuseContext,
  image: string,
): Surroundings {
  // Without a builder image nothing is the same: the build that follows says that it is missing.
  return {
    ...{ runtime, limits, frozenLockfile, extraCa, proxies },
    image: image || randomUUID(),
    host: hostname(),
  };
}
