// Acquires containers for builds. Starts a standby container on a branch's newest snapshot, so that the next build does not
// wait for the engine.
import { randomBytes } from 'node:crypto';
import { containersWith, findContainer, removeContainers, runDetached } from '../docker/container.js';
import { isStandbyName, LABEL, snapshotTag, standbyName } from '../docker/names.js';
import type { SnapshotKey } from '../job/identity.js';
import type { Limits } from '../job/limits.js';
import { BuildContainer } from '../sandbox/container.js';
import { compatibilityKey, type Sandbox, sandboxArgs } from '../sandbox/flags.js';
import { installKey, makeJobInput } from '../sandbox/job-input.js';
import type { Registry } from '../snapshot/registry.js';
import { chooseBase } from '../snapshot/snapshot.js';
import { type PreparedJob, type RequestedJob, sandboxOf } from './job.js';

/** Each costs a few megabytes and a network address. */
const MOST_STANDBYS = 4;

/** The settings that all containers share. */
export interface SandboxDefaults {
  /** The secret of this installation, from which installKey() derives. */
  secret: string;
  /** Name of the builder image. */
  builder: string;
  limits: Limits;
  extraCa: string | undefined;
  /** Where machines share their snapshots. */
  registry: Registry | undefined;
}

/** A job, its base image, and its running container. */
export interface AcquiredContainer {
  job: PreparedJob;
  container: BuildContainer;
}

/** A container that is being acquired. Disposing of it removes the container if no build has used it. */
export interface Acquiring extends AsyncDisposable {
  /** @throws KoalaError `environment` when the engine does not answer */
  acquired: Promise<AcquiredContainer>;
}

/** Begins to acquire a container for a job. */
export function acquire(asked: RequestedJob, sandboxDefaults: SandboxDefaults): Acquiring {
  const acquired = open(asked, sandboxDefaults);
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

async function open(asked: RequestedJob, sandboxDefaults: SandboxDefaults): Promise<AcquiredContainer> {
  const { builder, limits, extraCa, registry, secret } = sandboxDefaults;
  const [base, waiting] = await Promise.all([
    chooseBase(asked.record, { builder, registry, cache: asked.payload.cache ?? 'use' }),
    findContainer(standbyName(snapshotTag(asked.record))),
  ]);
  const job = { ...asked, base };
  const sandbox = sandboxOf(job, limits);
  const nonce = randomBytes(16).toString('hex');
  const input = makeJobInput({
    payload: asked.payload,
    nonce,
    installKey: installKey(secret, asked.record),
    extraCa,
    cpus: limits.cpus,
  });
  const fits =
    waiting?.running &&
    waiting.image === base.snapshot &&
    waiting.labels[LABEL.standby] === compatibilityKey(sandbox);
  const attached = fits ? await BuildContainer.attach(sandbox, input, waiting.id) : undefined;
  return { job, container: attached ?? BuildContainer.start(sandbox, input) };
}

/** Starts a standby container with the sandbox of the last build. It waits `seconds` for the branch's next job. */
export async function startStandby(sandbox: Sandbox, key: SnapshotKey, seconds: number): Promise<void> {
  const image = snapshotTag(key);
  const name = standbyName(image);
  await removeContainers([name]);
  const others = (await containersWith(LABEL.standby)).filter(({ name }) => isStandbyName(name));
  await removeContainers(others.slice(MOST_STANDBYS - 1).map(({ name }) => name));
  const labels = { ...sandbox.labels, [LABEL.standby]: compatibilityKey(sandbox) };
  await runDetached(
    sandboxArgs({ ...sandbox, name, image, labels, job: '', runner: '', attempt: '', waits: seconds }),
  );
}
