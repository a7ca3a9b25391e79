// Containers: run, stop, look at, remove. Stopping or removing what is gone is a success.
import { setTimeout as delay } from 'node:timers/promises';
import { type DockerStream, docker, dockerStream } from './cli.js';
import { EngineError, engineError, unless } from './errors.js';

/** Between two tries to remove what the engine does not let go. */
const RETRY_MS = 250;

/** Starts `docker run` with its streams attached; the caller writes the job to stdin. */
export function runContainer(args: string[]): DockerStream {
  return dockerStream(['run', ...args]);
}

/** Starts a container with an open stdin that nobody is attached to yet. */
export async function runDetached(args: string[]): Promise<void> {
  await docker(['run', '--detach', ...args]);
}

/**
 * Attaches to a running container that was started detached. The engine closes its output with our end of stdin, so
 * that has to stay open.
 */
export function attachContainer(id: string): DockerStream {
  return dockerStream(['attach', '--sig-proxy=false', id]);
}

/** Waits until a container has stopped, and returns its exit code; undefined when there is none of that name. */
export async function waitForContainer(name: string): Promise<number | undefined> {
  const code = await docker(['wait', name]).catch(unless('gone'));
  return code === undefined ? undefined : Number(code);
}

/**
 * Runs docker commands, each with the output of the one before as its input.
 * @throws KoalaError as engineError() classifies what the first one that failed said
 */
export async function pipeCommands(...commands: string[][]): Promise<void> {
  const streams = commands.map((args) => dockerStream(args));
  for (const [index, stream] of streams.entries()) {
    const next = streams[index + 1];
    // One that ends early says why itself.
    next?.stdin.on('error', () => {});
    if (next) stream.stdout.pipe(next.stdin);
    else stream.stdout.resume();
  }
  streams[0]?.stdin.end();
  const said = await Promise.all(streams.map(({ stderr }) => text(stderr)));
  const ends = await Promise.all(streams);
  const failed = ends.findIndex((end) => end.failed);
  if (failed === -1) return;
  throw engineError({ args: commands[failed] ?? [], stderr: said[failed] ?? '', code: ends[failed]?.code });
}

/** TERM, then KILL after `graceSeconds`. Returns when the container has stopped. */
export async function stopContainer(name: string, graceSeconds: number): Promise<void> {
  await docker(['stop', '--time', String(graceSeconds), name]).catch(unless('gone'));
}

/** Removes containers, running or not, with their anonymous volumes. */
export async function removeContainers(names: string[]): Promise<void> {
  if (names.length > 0) await docker(['rm', '--force', '--volumes', ...names]).catch(unless('gone'));
}

/**
 * Removes containers, and returns when the engine says that it has none of these names.
 * @throws KoalaError `environment` when it does not say so within `patienceMs`
 */
export async function removeUntilGone(names: string[], patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  const filters = names.flatMap((name) => ['--filter', `name=^/?${name}$`]);
  for (;;) {
    try {
      for (const name of names) await removeContainers([name]);
      const left = await docker(['ps', '--all', '--quiet', ...filters]);
      if (left === '') return;
      throw new EngineError('other', `the engine still has the container ${left.split('\n')[0]}`);
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await delay(RETRY_MS);
    }
  }
}

export interface ContainerState {
  running: boolean;
  oomKilled: boolean;
  exitCode: number;
}

/** The state of a container; undefined when there is none of that name. */
export async function inspectContainer(name: string): Promise<ContainerState | undefined> {
  const format = '{{.State.Running}} {{.State.OOMKilled}} {{.State.ExitCode}}';
  const line = await docker(['container', 'inspect', '--format', format, name]).catch(unless('gone'));
  if (!line) return undefined;
  const [running, oomKilled, exitCode] = line.trim().split(' ');
  return { running: running === 'true', oomKilled: oomKilled === 'true', exitCode: Number(exitCode) };
}

/** Bytes that a container has written over its image. The engine counts files for it, so it is not asked often. */
export async function writtenBytes(name: string): Promise<number> {
  const inspect = ['container', 'inspect', '--size', '--format', '{{.SizeRw}}', name];
  const size = await docker(inspect).catch(unless('gone'));
  return Number(size ?? 0) || 0;
}

/** Gives a container another name. */
export async function renameContainer(name: string, to: string): Promise<void> {
  await docker(['rename', name, to]);
}

export interface LabelledContainer {
  id: string;
  name: string;
  running: boolean;
  /** When it stopped, in milliseconds since 1970; undefined while it runs and before it ever did. */
  finishedAt: number | undefined;
  labels: Record<string, string>;
}

const LISTED =
  '[{{json .Id}},{{json .Name}},{{json .State.Running}},{{json .State.FinishedAt}},{{json .Config.Labels}}]';

/** Every container, running or not, that carries a label; the newest first. */
export async function containersWith(label: string): Promise<LabelledContainer[]> {
  const ids = await docker(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`]);
  if (ids === '') return [];
  // One that goes between the two questions is left out.
  const inspect = ['container', 'inspect', '--format', LISTED, ...ids.split('\n')];
  const lines = await docker(inspect, { tolerant: true });
  return lines.split('\n').filter(Boolean).map(parseListed);
}

function parseListed(line: string): LabelledContainer {
  const [id, name, running, finished, labels] = JSON.parse(line) as [
    string,
    string,
    boolean,
    string,
    Record<string, string> | null,
  ];
  // The engine's word for never is the year 1.
  const finishedAt = Date.parse(finished);
  return {
    id,
    name: name.replace(/^\//, ''),
    running,
    finishedAt: running || !(finishedAt > 0) ? undefined : finishedAt,
    labels: labels ?? {},
  };
}

export interface FoundContainer {
  id: string;
  /** Id of its image. */
  image: string;
  running: boolean;
  labels: Record<string, string>;
}

/** A container as it would have to be for somebody to use it; undefined when there is none of that name. */
export async function findContainer(name: string): Promise<FoundContainer | undefined> {
  const format = '[{{json .Id}},{{json .Image}},{{json .State.Running}},{{json .Config.Labels}}]';
  const line = await docker(['container', 'inspect', '--format', format, name]).catch(unless('gone'));
  if (!line) return undefined;
  const [id, image, running, labels] = JSON.parse(line);
  return { id, image, running, labels };
}

async function text(readable: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of readable) all = (all + String(chunk)).slice(-4096);
  return all;
}
