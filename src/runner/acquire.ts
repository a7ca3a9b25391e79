// Acquires containers for builds: a standby container that fits, or else a new one.
import { randomBytes } from 'node:crypto';
import type { ListedContainer } from '../docker/container.js';
import { isBriefName, LABEL } from '../docker/names.js';
import { quotaOf } from '../docker/storage.js';
import { credentialsFor } from '../job/credentials.js';
import type { InstallationId, SnapshotKey } from '../job/identity.js';
import type { Limits } from '../job/limits.js';
import { buildUid } from '../sandbox/build-uid.js';
import { BuildContainer } from '../sandbox/container.js';
import { compatibilityKey, type Sandbox } from '../sandbox/flags.js';
import { installKey, type JobInput, makeJobInput } from '../sandbox/job-input.js';
import { started } from '../sandbox/started.js';
import { readCredentials } from '../settings/credentials.js';
import { readKnownHosts } from '../settings/known-hosts.js';
import type { Proxies } from '../settings/proxies.js';
import type { Registry } from '../snapshot/registry.js';
import type { Room } from '../snapshot/room.js';
import { type BaseImage, baseOn, chooseBase } from '../snapshot/snapshot.js';
import { isWaiting } from '../snapshot/standbys.js';
import { asItRuns, type PreparedJob, type RequestedJob, sandboxOf, snapshotKeyOf } from './job.js';
import { sourceIdOf } from './local-source.js';
import { awaitSaved, type BranchContainers, branchContainers } from './saving.js';

/** The settings that all containers share. */
export interface SandboxDefaults {
  installation: InstallationId;
  /** The secret of this installation, from which buildUid() and installKey() derive. */
  secret: string;
  /** Name of the builder image. */
  builder: string;
  /** The engine's runtime for builds; undefined for the engine's default. */
  runtime: string | undefined;
  limits: Limits;
  /** Whether archives are files: then a build sends all of what it ships. */
  keepsArchives: boolean;
  /** Whether projects without a lockfile are refused, if the job does not say. */
  frozenLockfile: boolean;
  /** Bytes that tool caches may have in one snapshot. */
  toolCacheLimit: number;
  /** Bytes that downloads may have in it. */
  downloadCacheLimit: number;
  extraCa: string | undefined;
  /** The file of the operator's credentials. */
  credentials: string | undefined;
  /** The file of the ssh host keys that builds accept. */
  knownHosts: string;
  proxies: Proxies;
  /** Where machines share their snapshots. */
  registry: Registry | undefined;
  room: Room;
}

/** A job, its base image, and its container, which runs. */
export interface AcquiredContainer {
  job: PreparedJob;
  container: BuildContainer;
}

/** A container that is being acquired. Disposing of it removes the container if no build has used it. */
export interface Acquiring extends AsyncDisposable {
  /** @throws KoalaError `environment` when the engine does not answer, has no room, or cannot run the container */
  acquired: Promise<AcquiredContainer>;
}

/** Begins to acquire a container for a job. When `signal` aborts, it no longer waits for a better snapshot. */
export function acquire(
  asked: RequestedJob,
  sandboxDefaults: SandboxDefaults,
  signal: AbortSignal,
): Acquiring {
  const acquired = open(asked, sandboxDefaults, signal);
  // The caller awaits it later and sees the error then. Until that, the rejection must not count as unhandled.
  acquired.catch(() => {});
  return {
    acquired,
    async [Symbol.asyncDispose]() {
      await acquired.then(
        ({ container }) => container[Symbol.asyncDispose](),
        () => {},
      );
    },
  };
}

async function open(
  asked: RequestedJob,
  sandboxDefaults: SandboxDefaults,
  signal: AbortSignal,
): Promise<AcquiredContainer> {
  const { installation, limits, extraCa, proxies, secret, ...defaults } = sandboxDefaults;
  const operator = await readCredentials(defaults.credentials);
  const credentials = credentialsFor(asked.payload, operator.credentials);
  const key = snapshotKeyOf(asked, installation);
  // While the engine answers. Each wait after that would last until the modules of the build have loaded.
  const sourceId = sourceIdOf(asked.localSource);
  const { standbys, ...start } = await chooseStart(asked, key, { sandboxDefaults, signal });
  const job = { ...asked, key, credentials, ...start };
  const [sandbox] = await Promise.all([
    sandboxFor(job, sandboxDefaults, sourceId),
    defaults.room.ensure(job.base.storage?.root),
  ]);
  const nonce = randomBytes(16).toString('hex');
  const input = makeJobInput({
    ...{ payload: asked.payload, nonce, credentials },
    knownHosts: [...operator.knownHosts, ...readKnownHosts(defaults.knownHosts)],
    uid: buildUid(secret, key.user),
    installKey: installKey(secret, key),
    extraCa,
    proxies,
    limits,
    frozenLockfile: defaults.frozenLockfile,
    toolCacheLimit: defaults.toolCacheLimit,
    downloadCacheLimit: defaults.downloadCacheLimit,
    listed: defaults.keepsArchives ? undefined : { entries: limits.artifactEntries, bytes: limits.artifact },
    watch: asked.reuse?.watch,
  });
  const claimed = await claimOne(standbys, { sandbox, input, base: job.base });
  // Until it runs, nothing of the project has been tried, and the record of the last build is left alone.
  const container = await started(claimed ?? BuildContainer.start(sandbox, input), signal);
  return { job: asItRuns(job, container.sandbox), container };
}

/** Describes the container for a job, with what the machine says of it. */
async function sandboxFor(
  job: PreparedJob,
  sandboxDefaults: SandboxDefaults,
  sourceId: Promise<string | undefined>,
): Promise<Sandbox> {
  const sandbox = sandboxOf(job, sandboxDefaults);
  const [localSourceId, quota] = await Promise.all([sourceId, quotaFor(sandbox, job.base)]);
  return {
    ...sandbox,
    ...(localSourceId === undefined ? {} : { localSourceId }),
    ...(quota === undefined ? {} : { quota }),
  };
}

/** What the engine is to allow, if it can. An image of a snapshot has more than the builder image: that is the build's, too. */
function quotaFor({ limits }: Sandbox, { storage, builderBytes }: BaseImage): Promise<number | undefined> {
  return quotaOf(storage, { limit: limits.disk, image: builderBytes });
}

interface Start extends Pick<PreparedJob, 'base' | 'baseNotice'> {
  standbys: ListedContainer[];
}

/** Chooses the base image, and finds who waits on it. If the branch's last build is still being saved, waits for that. */
async function chooseStart(
  { payload, isReproduction }: RequestedJob,
  key: SnapshotKey,
  { sandboxDefaults, signal }: { sandboxDefaults: SandboxDefaults; signal: AbortSignal },
): Promise<Start> {
  const { builder, registry } = sandboxDefaults;
  const cache = isReproduction ? 'ignore' : (payload.cache ?? 'use');
  const options = { builder, registry, cache, defaultBranch: payload.project_default_branch };
  const look = async () => {
    const [base, containers] = await Promise.all([chooseBase(key, options), branchContainers(key)]);
    return { base, ...containers };
  };
  const first = await look();
  if (first.saving.length === 0 || cache === 'ignore') return { base: first.base, standbys: first.others };
  const notice = `the branch's last build is still being saved; this one starts from ${first.base.warm ? 'the one before' : 'nothing'}`;
  const ahead = await baseAhead(first, options);
  if (ahead) {
    const isOfLast = first.saving.some(
      ({ labels }) => labels[LABEL.base] && labels[LABEL.base] !== ahead.snapshot,
    );
    return { base: ahead, standbys: first.others, ...(isOfLast ? {} : { baseNotice: notice }) };
  }
  const { isSaved, seen } = await awaitSaved(key, first, { look, signal });
  return { base: seen.base, standbys: seen.others, ...(isSaved ? {} : { baseNotice: notice }) };
}

/** If the builds that are being saved were brief: the snapshot on which a container waits already, the newest such. */
async function baseAhead(
  { base, saving, others }: BranchContainers & { base: BaseImage },
  options: Parameters<typeof baseOn>[1],
): Promise<BaseImage | undefined> {
  const waiting = others.find(isWaiting);
  if (!waiting || !saving.every(({ name }) => isBriefName(name))) return undefined;
  const image = waiting.labels[LABEL.base] ?? '';
  // By its id: the branch's name is about to go to another one.
  return image === base.snapshot ? { ...base, image } : baseOn(image, options);
}

/** Claims the first standby container that fits and that no other build has claimed. */
async function claimOne(
  standbys: ListedContainer[],
  { sandbox, input, base }: { sandbox: Sandbox; input: JobInput; base: BaseImage },
): Promise<BuildContainer | undefined> {
  const wanted = compatibilityKey(sandbox);
  for (const { id, name, labels } of standbys.filter(isWaiting)) {
    const isOnBase = base.snapshot !== undefined && labels[LABEL.base] === base.snapshot;
    if (!isOnBase || labels[LABEL.standby] !== wanted) continue;
    const claimed = await BuildContainer.attach(sandbox, input, { id, name });
    if (claimed) return claimed;
  }
  return undefined;
}
