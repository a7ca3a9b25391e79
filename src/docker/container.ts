// Containers: run, stop, look at, copy out of, remove. Stopping or removing what is gone is a success.
import { type DockerStream, docker, dockerStream } from './cli.js';
import { engineError, isGone } from './errors.js';

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
  const code = await docker(['wait', name]).catch(unlessGone);
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
  if (failed !== -1) throw engineError(commands[failed] ?? [], said[failed] ?? '', ends[failed]?.code);
}

/** TERM, then KILL after `graceSeconds`. Returns when the container has stopped. */
export async function stopContainer(name: string, graceSeconds: number): Promise<void> {
  await docker(['stop', '--time', String(graceSeconds), name]).catch(unlessGone);
}

/** KILL at once. */
export async function killContainer(name: string): Promise<void> {
  await docker(['kill', name]).catch(unlessGone);
}

/** Removes containers, running or not, with their anonymous volumes. */
export async function removeContainers(names: string[]): Promise<void> {
  if (names.length > 0) await docker(['rm', '--force', '--volumes', ...names]).catch(unlessGone);
}

export interface ContainerState {
  running: boolean;
  oomKilled: boolean;
  exitCode: number;
}

/** The state of a container; undefined when there is none of that name. */
export async function inspectContainer(name: string): Promise<ContainerState | undefined> {
  const format = '{{.State.Running}} {{.State.OOMKilled}} {{.State.ExitCode}}';
  const line = await docker(['container', 'inspect', '--format', format, name]).catch(unlessGone);
  if (!line) return undefined;
  const [running, oomKilled, exitCode] = line.trim().split(' ');
  return { running: running === 'true', oomKilled: oomKilled === 'true', exitCode: Number(exitCode) };
}

/** Bytes that a container has written over its image. The engine counts files for it, so it is not asked often. */
export async function writtenBytes(name: string): Promise<number> {
  const size = await docker(['container', 'inspect', '--size', '--format', '{{.SizeRw}}', name]).catch(
    unlessGone,
  );
  return Number(size ?? 0) || 0;
}

/** Gives a container another name. */
export async function renameContainer(name: string, to: string): Promise<void> {
  await docker(['rename', name, to]);
}

export interface LabelledContainer {
  name: string;
  running: boolean;
  /** In the engine's words: `Up 3 minutes`, `Exited (0) 2 hours ago`. */
  status: string;
  labels: Record<string, string>;
}

/** Every container, running or not, that carries a label; the newest first. */
export async function containersWith(label: string): Promise<LabelledContainer[]> {
  const format = '[{{json .Names}},{{json .State}},{{json .Status}},{{json .Labels}}]';
  const lines = await docker(['ps', '--all', '--no-trunc', '--filter', `label=${label}`, '--format', format]);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name, state, status, labels] = JSON.parse(line) as [string, string, string, string];
      const pairs = labels
        .split(',')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
      return { name, running: state === 'running', status, labels: Object.fromEntries(pairs) };
    });
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
  const line = await docker(['container', 'inspect', '--format', format, name]).catch(unlessGone);
  if (!line) return undefined;
  const [id, image, running, labels] = JSON.parse(line);
  return { id, image, running, labels };
}

async function text(readable: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of readable) all = (all + String(chunk)).slice(-4096);
  return all;
}

function unlessGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
  return undefined;
}
