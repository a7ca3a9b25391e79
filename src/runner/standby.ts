// Containers that are started ahead, from a branch's newest snapshot: the branch's next build need not wait for the engine.
import { randomBytes } from 'node:crypto';
import { containersWith, findContainer, removeContainers, runDetached } from '../docker/container.js';
import type { Limits } from '../job/limits.js';
import { Standby } from '../sandbox/container.js';
import { planOf, type Sandbox, sandboxArgs } from '../sandbox/flags.js';
import { makeOrder } from '../sandbox/job-input.js';
import type { Registry } from '../snapshot/registry.js';
import { chooseBase, type SnapshotKey, snapshotTag } from '../snapshot/snapshot.js';
import { type Job, sandboxOf } from './job.js';

/** The name of a container that waits for a job. Who takes it renames it. */
export const WAITING = 'koalaci-standby-';
/** Each holds a few megabytes and a network address. */
const MOST_WAITING = 4;

/** What a container is made with. */
export interface Supplies {
  /** Name of the builder image. */
  builder: string;
  limits: Limits;
  extraCa: string | undefined;
  /** Where snapshots are shared with other boxes. */
  registry: Registry | undefined;
}

/** A job with what it is built on, and the container that it is built in, running. */
export interface Provision {
  job: Job;
  container: Standby;
}

/** On its way; who disposes of it gets rid of a container that was not used. */
export interface Providing extends AsyncDisposable {
  /** @throws KoalaError `environment` when the engine does not answer */
  provision: Promise<Provision>;
}

/** Begins to provide a container for a job. */
export function provide(asked: Omit<Job, 'base'>, supplies: Supplies): Providing {
  const provision = open(asked, supplies);
  // Seen by whoever awaits it, which may be later.
  provision.catch(() => {});
  return {
    provision,
    async [Symbol.asyncDispose]() {
      await provision.then(
        ({ container }) => container[Symbol.asyncDispose](),
        () => {},
      );
    },
  };
}

async function open(asked: Omit<Job, 'base'>, supplies: Supplies): Promise<Provision> {
  const { builder, limits, extraCa, registry } = supplies;
  const [base, waiting] = await Promise.all([
    chooseBase(asked.record, { builder, registry, cache: asked.payload.cache ?? 'use' }),
    findContainer(waitingName(asked.record)),
  ]);
  const job = { ...asked, base };
  const sandbox = sandboxOf(job, limits);
  const nonce = randomBytes(16).toString('hex');
  const order = makeOrder({ payload: asked.payload, nonce, extraCa, cpus: limits.cpus });
  const fits =
    waiting?.running &&
    waiting.image === base.snapshot &&
    waiting.labels['koalaci.standby'] === planOf(sandbox);
  const taken = fits ? await Standby.take(sandbox, order, waiting.id) : undefined;
  return { job, container: taken ?? Standby.start(sandbox, order) };
}

/** Starts a container like the one of a build that has ended, to wait `seconds` for the branch's next one. */
export async function startAhead(sandbox: Sandbox, key: SnapshotKey, seconds: number): Promise<void> {
  await forgetWaiting([snapshotTag(key)]);
  const others = (await containersWith('koalaci.standby')).filter(({ name }) => name.startsWith(WAITING));
  await removeContainers(others.slice(MOST_WAITING - 1).map(({ name }) => name));
  const labels = { ...sandbox.labels, 'koalaci.standby': planOf(sandbox) };
  const name = waitingName(key);
  const image = snapshotTag(key);
  await runDetached(
    sandboxArgs({ ...sandbox, name, image, labels, job: '', runner: '', run: '', waits: seconds }),
  );
}

/** Removes the containers that wait on snapshots of these names. */
export async function forgetWaiting(tags: string[]): Promise<void> {
  await removeContainers(tags.map(waitingOn));
}

function waitingName(key: SnapshotKey): string {
  return waitingOn(snapshotTag(key));
}

function waitingOn(tag: string): string {
  return WAITING + tag.slice(tag.indexOf(':') + 1);
}
