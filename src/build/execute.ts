// Runs the container of one build from its start to its stop: feeds it, reads both channels, ends it when a cause is given.
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { DockerStream } from '../docker/cli.js';
import { inspectContainer, removeContainers, stopContainer } from '../docker/container.js';
import { engineError, isMissingNetwork } from '../docker/errors.js';
import { ensureNetwork } from '../docker/network.js';
import { showBytes } from '../job/quantity.js';
import { Channel } from './channel.js';
import type { ControlEvent } from './control.js';
import { GRACE_SECONDS, type Sandbox } from './sandbox.js';
import { Standby } from './standby.js';
import type { Verdict } from './verdict.js';

export interface Execution {
  container: Standby;
  /** What the entrypoint reads from stdin, and the nonce in it. */
  order: Buffer;
  nonce: string;
  verdict: Verdict;
  onLog: (data: Buffer) => void;
  onEvent: (event: ControlEvent) => void;
  /** Pending while the log is read slower than it is written. */
  ready: () => Promise<void> | undefined;
}

/**
 * Returns when the container has stopped, whatever stopped it; why is in the verdict.
 * @throws KoalaError `environment` when the engine could not run it
 */
export async function execute(execution: Execution, triesLeft = 2): Promise<void> {
  const refusal = await attempt(execution);
  if (!refusal) return;
  const { sandbox } = execution.container;
  const next = triesLeft > 0 ? await secondTry(sandbox, refusal) : undefined;
  if (!next) throw engineError(['run'], refusal.said, refusal.code);
  await removeContainers([sandbox.name]);
  return execute({ ...execution, container: Standby.start(next) }, triesLeft - 1);
}

/** What to run after a refusal, if there is anything to mend: the network is made; for a snapshot the builder image is taken. */
async function secondTry({ fallback, ...sandbox }: Sandbox, { said }: Refusal): Promise<Sandbox | undefined> {
  if (isMissingNetwork(said)) {
    await ensureNetwork();
    return { ...sandbox, ...(fallback ? { fallback } : {}) };
  }
  return fallback ? { ...sandbox, image: fallback } : undefined;
}

/** Why a container did not start: docker's words, or the code of a command that could not be started. */
interface Refusal {
  said: string;
  code: string | undefined;
}

/** Returns the refusal when the container did not start; undefined when it ran. */
async function attempt({
  container,
  order,
  nonce,
  verdict,
  onLog,
  onEvent,
  ready,
}: Execution): Promise<Refusal | undefined> {
  const seen = { events: 0, finished: false };
  const channel = new Channel(nonce, {
    log: onLog,
    event: (event) => {
      seen.events++;
      seen.finished ||= event.event === 'finished';
      onEvent(event);
    },
  });
  const { process, sandbox } = container;
  container.feed(order);
  const stopping = stopWhenDecided(process, sandbox.name, verdict);
  await Promise.all([readLog(container.stdout, channel, ready), readControl(container.stderr, channel)]);
  const end = await process;
  channel.end();
  await stopping;
  if (seen.finished || verdict.cause) return undefined;
  if (seen.events === 0) return { said: channel.foreign, code: end.code };
  await explainDeath(sandbox, verdict, channel.foreign);
  return undefined;
}

async function readLog(stdout: Readable, channel: Channel, ready: Execution['ready']): Promise<void> {
  for await (const chunk of stdout) {
    channel.stdout(chunk as Buffer);
    const wait = ready();
    if (wait) await wait;
  }
}

async function readControl(stderr: Readable, channel: Channel): Promise<void> {
  for await (const chunk of stderr) channel.stderr(chunk as Buffer);
}

/** Stops the container once a cause is given. It may not have been made by then, so it is tried until docker run has ended. */
async function stopWhenDecided(process: DockerStream, name: string, verdict: Verdict): Promise<void> {
  const ended = process.then(() => true);
  const decided = new Promise<false>((resolve) => {
    if (verdict.signal.aborted) resolve(false);
    verdict.signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  let over = await Promise.race([ended, decided]);
  while (!over) {
    await stopContainer(name, GRACE_SECONDS).catch(() => {});
    over = await Promise.race([ended, delay(200, false)]);
  }
}

/** The entrypoint died without a word, which a build cannot make it do: the engine knows why. */
async function explainDeath(sandbox: Sandbox, verdict: Verdict, said: string): Promise<void> {
  const state = await inspectContainer(sandbox.name).catch(() => undefined);
  if (state?.oomKilled) {
    verdict.decide({
      reason: 'out_of_memory',
      message: `out of memory: ${showBytes(sandbox.limits.memory)} in use`,
      remedy: 'Let the build use less, or raise KOALACI_MEMORY.',
    });
    return;
  }
  const how = state ? `exit code ${state.exitCode}` : 'the engine no longer knows it';
  verdict.decide({
    reason: 'internal',
    message: `the build container stopped unexpectedly (${how})${said ? `: ${said.split('\n').at(-1)}` : ''}`,
    remedy: 'Check that the Docker engine was not restarted, then run the job again.',
  });
}
