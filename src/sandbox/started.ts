// Waits until a container runs, or starts another one where the engine refused that.
import { dockerOptions } from '../docker/command.js';
import { removeContainers } from '../docker/container.js';
import { type EngineError, engineHangs } from '../docker/errors.js';
import { ensureNetwork } from '../docker/network.js';
import { KoalaError } from '../job/errors.js';
import { settledWithin } from '../job/settled-within.js';
import { untilDecided } from '../job/verdict.js';
import { BuildContainer } from './container.js';
import type { Sandbox } from './flags.js';

/**
 * Returns the container as soon as its entrypoint runs, or when `signal` aborts. If the engine refuses to run it, that is another
 * one: of a network that is there, without a quota, or of the builder image instead of a snapshot.
 * @throws KoalaError `environment` when the engine refuses these too, or does not run one in time
 */
export async function started(
  container: BuildContainer,
  signal: AbortSignal,
  triesLeft = 3,
): Promise<BuildContainer> {
  const { patienceMs } = dockerOptions();
  const deciding = untilDecided(container.refusal, { signal });
  if (!(await settledWithin(patienceMs, deciding))) {
    await container.abandon();
    throw engineHangs(['run'], patienceMs);
  }
  const refusal = await deciding;
  if (!refusal) {
    if (signal.aborted || container.id !== undefined) return container;
    await removeContainers([container.address]).catch(() => {});
    throw idUnknown();
  }
  const { sandbox, input, wasWaiting, address } = container;
  // The engine may have created it before it refused to start it. First, because what follows may fail.
  const isGone = await removeContainers([address]).then(
    () => true,
    () => false,
  );
  const next = wasWaiting ? sandbox : triesLeft > 0 ? await secondTry(sandbox, refusal) : undefined;
  if (!next || !isGone) throw refusal;
  return started(BuildContainer.start(next, input), signal, triesLeft - 1);
}

/** A container whose id is not known could not be stopped. */
function idUnknown(): KoalaError {
  return new KoalaError(
    'environment',
    'the docker command does not write the id of a container where koalaci can read it',
    {
      remedy:
        'Use one that has the same temporary directory (TMPDIR) as koalaci: that of a snap package has its own.',
    },
  );
}

/**
 * What to run after the engine refused: it sees to the network, leaves out a quota, or puts the builder image in place of a
 * snapshot.
 */
async function secondTry(
  { fallback, ...sandbox }: Sandbox,
  { failure }: EngineError,
): Promise<Sandbox | undefined> {
  if (failure === 'network_missing' || failure === 'network_twins') {
    await ensureNetwork();
    return { ...sandbox, ...(fallback ? { fallback } : {}) };
  }
  if (failure === 'no_quota' && sandbox.quota !== undefined) {
    const { quota: _, ...without } = sandbox;
    return { ...without, ...(fallback ? { fallback } : {}) };
  }
  return fallback ? { ...sandbox, image: fallback } : undefined;
}
