// Runs the container of one build to its end: reads its log and its events, stops it when the verdict is decided.
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { inspectContainer, stopContainer } from '../docker/container.js';
import type { Cause } from '../job/ending.js';
import { showBytes } from '../job/quantity.js';
import { type PartVerdict, untilDecided } from '../job/verdict.js';
import { STOP_GRACE_SECONDS, STOP_PATIENCE_MS } from '../settings/timing.js';
import { Channel } from './channel.js';
import type { BuildContainer } from './container.js';
import type { ControlEvent } from './control.js';
import { started } from './started.js';

export interface Execution {
  container: BuildContainer;
  verdict: PartVerdict;
  onLog: (data: Buffer) => void;
  onArchive: (data: Buffer) => void;
  onLockfile: (data: Buffer) => void;
  onEvent: (event: ControlEvent) => void;
  /** Hears of the container that runs, before it begins: another one than was asked for if the engine refused that. */
  onContainer: (container: BuildContainer) => void;
  /** A promise while the container writes faster than its output is consumed. */
  ready: () => Promise<unknown> | undefined;
}

/**
 * Returns when the build has finished (its container may live a moment longer), or when the container has stopped, for
 * whatever reason; the verdict says why.
 * @throws KoalaError `environment` when the engine could not run the container
 */
export async function execute(execution: Execution): Promise<void> {
  const container = await started(execution.container, execution.verdict.signal);
  execution.onContainer(container);
  await runToEnd({ ...execution, container });
}

async function runToEnd(execution: Execution): Promise<void> {
  const { container, verdict } = execution;
  const { process } = container;
  const finish = new AbortController();
  const channel = new Channel(container.input.nonce, {
    log: execution.onLog,
    archive: execution.onArchive,
    lockfile: execution.onLockfile,
    event: (event) => {
      execution.onEvent(event);
      if (event.event === 'finished') finish.abort();
    },
    broken: (how) => verdict.decide(brokenChannel(how)),
  });
  container.go();
  const stopping = stopWhenDecided(container, verdict);
  const reading = [readLog(channel, execution), readControl(container.stderr, channel)];
  try {
    await Promise.race([Promise.all(reading), aborted(finish.signal)]);
  } catch (error) {
    // Nobody reads its output now, so it would never end. The caller removes the container.
    process.kill('SIGKILL');
    throw error;
  }
  // The container has said everything. It still clears up, and nobody waits for that.
  if (finish.signal.aborted) process.kill('SIGKILL');
  await process;
  channel.end();
  await stopping;
  if (finish.signal.aborted || verdict.decided) return;
  await explainDeath(container, verdict, channel.foreign);
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

/**
 * Stops the container once the verdict is decided. The engine may still be creating it, so it tries until docker run ends. One that
 * hangs does not let that end.
 */
async function stopWhenDecided(container: BuildContainer, verdict: PartVerdict): Promise<void> {
  const ended = container.process.then(() => true);
  const decided = aborted(verdict.signal).then(() => false);
  let over = await Promise.race([ended, decided]);
  const deadline = performance.now() + STOP_PATIENCE_MS;
  while (!over) {
    if (performance.now() > deadline) container.process.kill('SIGKILL');
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

/** The entrypoint died without a last event, which a build cannot cause. The engine knows why, unless that is what died. */
async function explainDeath(
  { address, sandbox }: BuildContainer,
  verdict: PartVerdict,
  said: string,
): Promise<void> {
  const state = await inspectContainer(address).catch(() => undefined);
  if (state?.oomKilled) {
    verdict.decide({
      reason: 'out_of_memory',
      message: `the build used all of its ${showBytes(sandbox.limits.memory)} of memory`,
      remedy: 'Let the build use less (files in /tmp and /dev/shm are memory too), or raise KOALACI_MEMORY.',
    });
    return;
  }
  // Lines that begin with time= are docker's own log, for its developers.
  const words = said.split('\n').findLast((line) => !line.startsWith('time='));
  const how = state ? `exit code ${state.exitCode}` : 'the engine does not know it, or does not answer';
  verdict.decide({
    reason: 'runner_lost',
    message: `the build container stopped unexpectedly (${how})${words ? `: ${words}` : ''}`,
    remedy: 'The Docker engine may have been restarted, or somebody has stopped it. Run the job again.',
  });
}
