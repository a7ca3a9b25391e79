// Containers: run, stop, look at, copy out of, remove. Stopping or removing what is gone is a success.
import { type DockerStream, docker, dockerStream } from './cli.js';
import { isGone } from './errors.js';

/** Starts `docker run` with its streams attached; the caller writes the job to stdin. */
export function runContainer(args: string[]): DockerStream {
  return dockerStream(['run', ...args]);
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

/** The labels of a container. */
export async function containerLabels(name: string): Promise<Record<string, string>> {
  return JSON.parse(await docker(['container', 'inspect', '--format', '{{json .Config.Labels}}', name]));
}

export interface LabelledContainer {
  name: string;
  labels: Record<string, string>;
}

/** Every container, running or not, that carries a label. */
export async function containersWith(label: string): Promise<LabelledContainer[]> {
  const format = '{{json .Names}} {{json .Labels}}';
  const lines = await docker(['ps', '--all', '--no-trunc', '--filter', `label=${label}`, '--format', format]);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name, labels] = JSON.parse(`[${line.replace('" "', '","')}]`) as [string, string];
      const pairs = labels
        .split(',')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
      return { name, labels: Object.fromEntries(pairs) as Record<string, string> };
    });
}

/**
 * Streams a directory of a stopped container as a tar. Only ever of a stopped one: a running one could swap
 * a path for a link while the engine follows it (CVE-2018-15664, CVE-2026-41568).
 */
export function copyOut(name: string, path: string): DockerStream {
  return dockerStream(['cp', `${name}:${path}/.`, '-']);
}

function unlessGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
  return undefined;
}
