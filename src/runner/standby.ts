// Containers that are started ahead, from a branch's newest snapshot: the branch's next build need not wait for the engine.
import { randomBytes } from 'node:crypto';
import { containersWith, findContainer, removeContainers, runDetached } from '../docker/container.js';
import type { Limits } from '../job/limits.js';
import { BuildContainer } from '../sandbox/container.js';
import { compatibilityKey, type Sandbox, sandboxArgs } from '../sandbox/flags.js';
import { makeJobInput } from '../sandbox/job-input.js';
import type { Registry } from '../snapshot/registry.js';
import { chooseBase, type SnapshotKey, snapshotTag } from '../snapshot/snapshot.js';
import { type Job, sandboxOf } from './job.js';

/** The name of a container that waits for a job. Who takes it renames it. */
export const STANDBY = 'koalaci-standby-';
/** Each holds a few megabytes and a network address. */
const MOST_STANDBYS = 4;

/** What a container is made with. */
export interface SandboxDefaults {
  /** Name of the builder image. */
  builder: string;
  limits: Limits;
  extraCa: string | undefined;
  /** Where snapshots are shared with other boxes. */
  registry: Registry | undefined;
}

/** A job with what it is built on, and the container that it is built in, running. */
export interface AcquiredContainer {
  job: Job;
  container: BuildContainer;
}

/** On its way; who disposes of it gets rid of a container that was not used. */
export interface Acquiring extends AsyncDisposable {
  /** @throws KoalaError `environment` when the engine does not answer */
  acquired: Promise<AcquiredContainer>;
}

/** Begins to provide a container for a job. */
export function acquire(asked: Omit<Job, 'base'>, sandboxDefaults: SandboxDefaults): Acquiring {
  const acquired = open(asked, sandboxDefaults);
  // Seen by whoever awaits it, which may be later.
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

async function open(asked: Omit<Job, 'base'>, sandboxDefaults: SandboxDefaults): Promise<AcquiredContainer> {
  const { builder, limits, extraCa, registry } = sandboxDefaults;
  const [base, waiting] = await Promise.all([
    chooseBase(asked.record, { builder, registry, cache: asked.payload.cache ?? 'use' }),
    findContainer(standbyName(asked.record)),
  ]);
  const job = { ...asked, base };
  const sandbox = sandboxOf(job, limits);
  const nonce = randomBytes(16).toString('hex');
  const input = makeJobInput({ payload: asked.payload, nonce, extraCa, cpus: limits.cpus });
  const fits =
    waiting?.running &&
    waiting.image === base.snapshot &&
    waiting.labels['koalaci.standby'] === compatibilityKey(sandbox);
  const attached = fits ? await BuildContainer.attach(sandbox, input, waiting.id) : undefined;
  return { job, container: attached ?? BuildContainer.start(sandbox, input) };
}

/** Starts a container like the one of a build that has ended, to wait `seconds` for the branch's next one. */
export async function startStandby(sandbox: Sandbox, key: SnapshotKey, seconds: number): Promise<void> {
  await removeStandbys([snapshotTag(key)]);
  const others = (await containersWith('koalaci.standby')).filter(({ name }) => name.startsWith(STANDBY));
  await removeContainers(others.slice(MOST_STANDBYS - 1).map(({ name }) => name));
  const labels = { ...sandbox.labels, 'koalaci.standby': compatibilityKey(sandbox) };
  const name = standbyName(key);
  const image = snapshotTag(key);
  await runDetached(
    sandboxArgs({ ...sandbox, name, image, labels, job: '', runner: '', attempt: '', waits: seconds }),
  );
}

/** Removes the containers that wait on snapshots of these names. */
export async function removeStandbys(tags: string[]): Promise<void> {
  await removeContainers(tags.map(standbyOf));
}

function standbyName(key: SnapshotKey): string {
  return standbyOf(snapshotTag(key));
}

function standbyOf(tag: string): string {
  return STANDBY + tag.slice(tag.indexOf(':') + 1);
}
