// Waits until a container runs, or starts another one where the engine refused that.
import { removeContainers } from '../docker/container.js';
import type { EngineError } from '../docker/errors.js';
import { ensureNetwork } from '../docker/network.js';
import { BuildContainer } from './container.js';
import type { Sandbox } from './flags.js';

/**
 * Returns the container as soon as its entrypoint runs, or when `signal` aborts. If the engine refuses to run it, that is another
 * one: of a new network, without a quota, or of the builder image instead of a snapshot.
 * @throws KoalaError `environment` when the engine refuses these too
 */
export async function started(
  container: BuildContainer,
  signal: AbortSignal,
  triesLeft = 3,
): Promise<BuildContainer> {
  const refusal = await Promise.race([container.refusal, aborted(signal)]);
  if (!refusal) return container;
  const { sandbox, input, wasWaiting, address } = container;
  const next = wasWaiting ? sandbox : triesLeft > 0 ? await secondTry(sandbox, refusal) : undefined;
  // The engine may have created it before it refused to start it.
  const removed = removeContainers([address]);
  if (!next) {
    await removed.catch(() => {});
    throw refusal;
  }
  await removed;
  return started(BuildContainer.start(next, input), signal, triesLeft - 1);
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * What to run after the engine refused: it creates a missing network, leaves out a quota, or puts the builder image in place of a
 * snapshot.
 */
async function secondTry(
  { fallback, ...sandbox }: Sandbox,
  { failure }: EngineError,
): Promise<Sandbox | undefined> {
  if (failure === 'network_missing') {
    await ensureNetwork();
    return { ...sandbox, ...(fallback ? { fallback } : {}) };
  }
  if (failure === 'no_quota' && sandbox.quota !== undefined) {
    const { quota: _, ...without } = sandbox;
    return { ...without, ...(fallback ? { fallback } : {}) };
  }
  return fallback ? { ...sandbox, image: fallback } : undefined;
}
