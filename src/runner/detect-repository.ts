// Looks at a repository that is elsewhere: a container like those of builds fetches it, and says what the project is. Nothing of the
// project is run, and nothing is kept.
import { randomBytes } from 'node:crypto';
import type { Detection } from '../detection/detect.js';
import { dockerOptions } from '../docker/command.js';
import { removeUntilGone } from '../docker/container.js';
import { detectName, LABEL, NETWORK } from '../docker/names.js';
import { quotaOf } from '../docker/storage.js';
import { credentialsFor, type GitCredential } from '../job/credentials.js';
import type { DeploymentId, ProjectId, UserId } from '../job/identity.js';
import type { Limits } from '../job/limits.js';
import type { DetectionRequest, Payload } from '../job/payload.js';
import type { Verdict } from '../job/verdict.js';
import { buildUid } from '../sandbox/build-uid.js';
import { BuildContainer } from '../sandbox/container.js';
import { execute } from '../sandbox/execute.js';
import type { Sandbox } from '../sandbox/flags.js';
import { type JobInput, makeJobInput } from '../sandbox/job-input.js';
import { readCredentials } from '../settings/credentials.js';
import { pinHostKeys, readKnownHosts } from '../settings/known-hosts.js';
import { proxySecrets } from '../settings/proxies.js';
import { builderBase } from '../snapshot/snapshot.js';
import type { SandboxDefaults } from './acquire.js';
import { ContainerDisk } from './container-disk.js';
import { DetectionReader } from './detection-reader.js';
import type { LocalSource } from './local-source.js';
import { reapDetections } from './reaper.js';
import { thisRunner } from './runner-id.js';
import { Watch } from './watch.js';

/** What somebody asks to be looked at. */
export interface AskedDetection {
  user: UserId;
  request: DetectionRequest;
  /** If it is a repository of this machine. */
  localSource?: LocalSource | undefined;
}

const MIB = 1024 ** 2;
/** The most that it may use; the operator's limits for builds may be lower. It waits for one fetch, and reads small files. */
const MOST: Partial<Limits> = {
  memory: 1024 * MIB,
  disk: 4096 * MIB,
  output: MIB,
  time: 120_000,
  silence: 120_000,
};

/**
 * Fetches a repository and finds out what it is. When `verdict` is decided, it stops, and throws the cause. No container is left.
 * @throws KoalaError `source_failed` if it cannot be fetched, or has more than may be looked at; `environment` when the engine does not
 * answer, has no room, or no builder image
 */
export async function detectRepository(
  asked: AskedDetection,
  defaults: SandboxDefaults,
  verdict: Verdict,
): Promise<Detection> {
  await reapDetections(defaults.installation);
  const operator = await readCredentials(defaults.credentials);
  const credentials = credentialsFor(asked.request, operator.credentials);
  const knownHosts = [...operator.knownHosts, ...readKnownHosts(defaults.knownHosts)];
  const limits = lowered(defaults.limits);
  const sandbox = await sandboxFor(asked, defaults, limits);
  const input = inputFor(asked, defaults, { credentials, knownHosts, limits });
  const reader = new DetectionReader(asked.request.project_repo_url, {
    secrets: { credentials, operator: proxySecrets(defaults.proxies) },
    verdict,
    limits,
    onHostKeys: (keys) => void pinHostKeys(defaults.knownHosts, keys),
  });
  await read(BuildContainer.start(sandbox, input), { reader, verdict, limits });
  return reader.answer();
}

/** Reads all that the container says, and removes it whatever happens. */
async function read(
  started: BuildContainer,
  { reader, verdict, limits }: { reader: DetectionReader; verdict: Verdict; limits: Limits },
): Promise<void> {
  let container = started;
  const disk = new ContainerDisk();
  const since = performance.now();
  try {
    using watch = new Watch({
      ...{ limits, verdict, since },
      step: () => undefined,
      diskUse: (signal) => disk.look(container, signal),
    });
    await execute({
      container,
      verdict,
      onContainer: (running) => {
        container = running;
      },
      onLog: (data) => reader.log(data.subarray(0, watch.sawOutput(data.length))),
      onArchive: (data) => reader.answered(data),
      // It sends none.
      onLockfile: () => {},
      onEvent: (event) => reader.event(event),
      ready: () => undefined,
    });
  } finally {
    await removeUntilGone(container.address, dockerOptions().patienceMs);
  }
}

async function sandboxFor(
  { user, localSource }: AskedDetection,
  { installation, builder, room, runtime }: SandboxDefaults,
  limits: Limits,
): Promise<Sandbox> {
  const base = await builderBase(builder);
  await room.ensure(base.storage?.root);
  const quota = await quotaOf(base.storage, { limit: limits.disk, image: base.builderBytes });
  const runner = thisRunner();
  return {
    name: detectName(installation, runner),
    image: base.image,
    network: NETWORK,
    // It is of no job: the reaper goes by the runner in its name.
    ...{ job: '', attempt: '', runner },
    labels: { [LABEL.installation]: installation, [LABEL.user]: encodeURIComponent(user) },
    limits,
    ...(quota === undefined ? {} : { quota }),
    ...(runtime ? { runtime } : {}),
    ...(localSource ? { localSource: localSource.path, borrowed: localSource.borrowed } : {}),
  };
}

function inputFor(
  { user, request }: AskedDetection,
  { secret, extraCa, proxies, ...defaults }: SandboxDefaults,
  own: { credentials: readonly GitCredential[]; knownHosts: string[]; limits: Limits },
): JobInput {
  return makeJobInput({
    ...own,
    detects: true,
    payload: payloadFor(request),
    nonce: randomBytes(16).toString('hex'),
    uid: buildUid(secret, user),
    installKey: '',
    ...{ extraCa, proxies },
    frozenLockfile: false,
    toolCacheLimit: defaults.toolCacheLimit,
    downloadCacheLimit: defaults.downloadCacheLimit,
  });
}

/** The job of which only the source is fetched: one commit, without its tags. */
function payloadFor({ project_branch = '', ...request }: DetectionRequest): Payload {
  return {
    ...{ project_branch, ...request },
    project_id: 'detect' as ProjectId,
    deployment_id: 'detect' as DeploymentId,
    project_build_command: 'auto',
    project_package_manager: 'auto',
    project_dist_directory: 'auto',
    project_fetch: { depth: 1, tags: false },
  };
}

function lowered(limits: Limits): Limits {
  const names = Object.keys(MOST) as (keyof Limits)[];
  const least = names.map((name) => [name, Math.min(limits[name], MOST[name] ?? limits[name])] as const);
  return { ...limits, ...Object.fromEntries(least) };
}
