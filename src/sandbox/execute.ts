// Runs the container of one build to its end: reads its log and its events, stops it when the verdict is decided.
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { inspectContainer, removeContainers, stopContainer } from '../docker/container.js';
import { type EngineError, engineError } from '../docker/errors.js';
import { ensureNetwork } from '../docker/network.js';
import type { Cause } from '../job/ending.js';
import { showBytes } from '../job/quantity.js';
import { type PartVerdict, untilDecided } from '../job/verdict.js';
import { STOP_GRACE_SECONDS } from '../settings/timing.js';
import { Channel } from './channel.js';
import { BuildContainer } from './container.js';
import type { ControlEvent } from './control.js';
import type { Sandbox } from './flags.js';

export interface Execution {
  container: BuildContainer;
  verdict: PartVerdict;
  onLog: (data: Buffer) => void;
  onArchive: (data: Buffer) => void;
  onEvent: (event: ControlEvent) => void;
  /** Hears of each container that is run, before it begins: another one than was asked for if the engine refused that. */
  onContainer: (container: BuildContainer) => void;
  /** A promise while the container writes faster than its output is consumed. */
  ready: () => Promise<unknown> | undefined;
}

/**
 * Returns when the build has finished (its container may live a moment longer), or when the container has stopped, for
 * whatever reason; the verdict says why.
 * @throws KoalaError `environment` when the engine could not run the container
 */
export async function execute(execution: Execution, triesLeft = 3): Promise<void> {
  const refusal = await runOnce(execution);
  if (!refusal) return;
  const { sandbox, input, wasWaiting, address } = execution.container;
  const next = wasWaiting ? sandbox : triesLeft > 0 ? await secondTry(sandbox, refusal) : undefined;
  if (!next) throw refusal;
  await removeContainers([address]);
  return execute({ ...execution, container: BuildContainer.start(next, input) }, triesLeft - 1);
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

/** Runs the container once. Returns the error when it did not start. */
async function runOnce(execution: Execution): Promise<EngineError | undefined> {
  const { container, verdict } = execution;
  const { process } = container;
  const finish = new AbortController();
  const seen = { events: 0 };
  const channel = new Channel(container.input.nonce, {
    log: execution.onLog,
    archive: execution.onArchive,
    event: (event) => {
      seen.events++;
      execution.onEvent(event);
      if (event.event === 'finished') finish.abort();
    },
    broken: (how) => verdict.decide(brokenChannel(how)),
  });
  execution.onContainer(container);
  container.go();
  const stopping = stopWhenDecided(container, verdict);
  const reading = [readLog(channel, execution), readControl(container.stderr, channel)];
  await Promise.race([Promise.all(reading), aborted(finish.signal)]);
  // The container has said everything. It still clears up, and nobody waits for that.
  if (finish.signal.aborted) process.kill('SIGKILL');
  const end = await process;
  channel.end();
  await stopping;
  if (finish.signal.aborted || verdict.decided) return undefined;
  if (seen.events === 0) return engineError({ args: ['run'], stderr: channel.foreign, code: end.code });
  await explainDeath(container, verdict, channel.foreign);
  return undefined;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function readLog(channel: Channel, { container, ready, verdict }: Execution): Promise<void> {
  for await (const chunk of container.stdout) {
    channel.stdout(chunk as Buffer);
    const wait = ready();
    // Whoever consumes the output may hang, and must not delay the end.
    if (wait) await untilDecided(wait, verdict);
  }
}

async function readControl(stderr: Readable, channel: Channel): Promise<void> {
  for await (const chunk of stderr) channel.stderr(chunk as Buffer);
}

/** Stops the container once the verdict is decided. The engine may still be creating it, so it tries until docker run ends. */
async function stopWhenDecided(container: BuildContainer, verdict: PartVerdict): Promise<void> {
  const ended = container.process.then(() => true);
  const decided = aborted(verdict.signal).then(() => false);
  let over = await Promise.race([ended, decided]);
  while (!over) {
    const { id } = container;
    if (id) await stopContainer(id, STOP_GRACE_SECONDS).catch(() => {});
    over = await Promise.race([ended, delay(200, false)]);
  }
}

function brokenChannel(how: string): Cause {
  return {
    reason: 'internal',
    message: `something else than koalaci has written into the build container's control channel: ${how}`,
    remedy: 'No build must be able to. Please report it, with what the build runs.',
  };
}

/** The entrypoint died without a last event, which a build cannot cause. The engine knows why. */
async function explainDeath(
  { address, sandbox }: BuildContainer,
  verdict: PartVerdict,
  said: string,
): Promise<void> {
  const state = await inspectContainer(address).catch(() => undefined);
  if (state?.oomKilled) {
    verdict.decide({
      reason: 'out_of_memory',
      message: `out of memory: ${showBytes(sandbox.limits.memory)} in use`,
      remedy: 'Let the build use less (files in /tmp and /dev/shm are memory too), or raise KOALACI_MEMORY.',
    });
    return;
  }
  // Lines that begin with time= are docker's own log, for its developers.
  const words = said.split('\n').findLast((line) => !line.startsWith('time='));
  const how = state ? `exit code ${state.exitCode}` : 'the engine does not know it, or does not answer';
  verdict.decide({
    reason: 'internal',
    message: `the build container stopped unexpectedly (${how})${words ? `: ${words}` : ''}`,
    remedy: 'Check that the Docker engine was not restarted, then run the job again.',
  });
}
