// Runs, stops, inspects and removes containers, by id or name. Stopping or removing one that does not exist is a success: who has to
// know that it is gone asks removeUntilGone().
import { setTimeout as delay } from 'node:timers/promises';
import { type DockerStream, docker, dockerAlone, dockerHere, dockerStream } from './cli.js';
import { EngineError, engineError, unless } from './errors.js';

/** Between two tries to remove a container. */
const RETRY_MS = 250;
/** The engine is given this long for one at least: it may have many files to remove. */
const REMOVAL_MS = 30_000;
/** Beyond its grace, for a container to stop. */
const STOP_MS = 10_000;

/** The engine's own name of a container, which never changes. */
const ID = /^[0-9a-f]{64}$/;

/** Starts `docker run` with its streams attached; the caller writes the job to stdin. */
export function runContainer(args: string[]): DockerStream {
  return dockerStream(['run', ...args]);
}

/** Starts a container in the background, with an open stdin to attach to later. */
export async function runDetached(args: string[]): Promise<void> {
  await docker(['run', '--detach', ...args]);
}

/**
 * Attaches to a container that runs in the background. Keep its stdin open: when it closes, the engine closes the output
 * too.
 */
export function attachContainer(id: string): DockerStream {
  return dockerStream(['attach', '--sig-proxy=false', id]);
}

/** Starts a container that has stopped, with its streams attached; what it is to read goes to its stdin. */
export function restartContainer(id: string): DockerStream {
  return dockerStream(['start', '--attach', '--interactive', id]);
}

/** Runs a program in a container that runs, on the terminal of this process if there is one. Returns its exit code. */
export function execHere(id: string, command: string[], hasTerminal: boolean): Promise<number> {
  return dockerHere(['exec', '--interactive', ...(hasTerminal ? ['--tty'] : []), id, ...command]);
}

/** Starts a program in a container that runs, with its streams attached. */
export function execInContainer(name: string, command: string[]): DockerStream {
  return dockerStream(['exec', '--interactive', name, ...command]);
}

/** Waits until a container has stopped. Returns its exit code, or undefined when no container has that name. */
export async function waitForContainer(name: string): Promise<number | undefined> {
  const code = await docker(['wait', name], { timeoutMs: 'none' }).catch(unless('gone'));
  return code === undefined ? undefined : Number(code);
}

/**
 * Runs docker commands as a pipe: the output of each is the input of the next.
 * @throws KoalaError as engineError() classifies what the first failed command said
 */
export async function pipeCommands(...commands: string[][]): Promise<void> {
  const streams = commands.map((args) => dockerStream(args));
  for (const [index, stream] of streams.entries()) {
    const next = streams[index + 1];
    // A command that ends early says why on its stderr.
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
  const timeoutMs = graceSeconds * 1_000 + STOP_MS;
  await docker(['stop', '--time', String(graceSeconds), name], { timeoutMs }).catch(unless('gone'));
}

/** Removes containers, running or not, with their anonymous volumes. */
export async function removeContainers(names: string[]): Promise<void> {
  if (names.length === 0) return;
  const timeoutMs = REMOVAL_MS * names.length;
  await docker(['rm', '--force', '--volumes', ...names], { timeoutMs }).catch(unless('gone'));
}

/** Has a container removed once it has stopped, also if this process has ended by then. */
export function removeOnceStopped(id: string): void {
  dockerAlone('"$0" wait "$1"; "$0" rm --force --volumes "$1"', [id]);
}

/**
 * Removes a container, and returns once the engine confirms that it has none of this id or name.
 * @throws KoalaError `environment` when it does not confirm it within `patienceMs`
 */
export async function removeUntilGone(address: string, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  const filter = ID.test(address) ? `id=${address}` : `name=^/?${address}$`;
  for (;;) {
    try {
      await removeContainers([address]);
      const left = await docker(['ps', '--all', '--quiet', '--filter', filter]);
      if (left === '') return;
      throw new EngineError('other', `the engine still has the container ${left}`);
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await delay(RETRY_MS);
    }
  }
}

export interface ContainerState {
  running: boolean;
  oomKilled: boolean;
  exitCode: number;
}

/** The state of a container; undefined when no container has that name. */
export async function inspectContainer(name: string): Promise<ContainerState | undefined> {
  const format = '{{.State.Running}} {{.State.OOMKilled}} {{.State.ExitCode}}';
  const line = await docker(['container', 'inspect', '--format', format, name]).catch(unless('gone'));
  if (!line) return undefined;
  const [running, oomKilled, exitCode] = line.trim().split(' ');
  return { running: running === 'true', oomKilled: oomKilled === 'true', exitCode: Number(exitCode) };
}

/** Gives a container another name. */
export async function renameContainer(name: string, to: string): Promise<void> {
  await docker(['rename', name, to]);
}

export interface LabelledContainer {
  id: string;
  name: string;
  running: boolean;
  createdAt: number;
  /** When it stopped, in milliseconds since 1970; undefined while it runs and before it ever did. */
  finishedAt: number | undefined;
  labels: Record<string, string>;
}

const LISTED =
  '[{{json .Id}},{{json .Name}},{{json .State.Running}},{{json .Created}},{{json .State.FinishedAt}},{{json .Config.Labels}}]';

/** Every container with all of these labels (`name` or `name=value`), running or not, the newest first. */
export async function containersWith(labels: string[]): Promise<LabelledContainer[]> {
  const ids = await docker(['ps', '--all', '--quiet', '--no-trunc', ...labelled(labels)]);
  if (ids === '') return [];
  // A container that disappears between the two calls is left out.
  const inspect = ['container', 'inspect', '--format', LISTED, ...ids.split('\n')];
  const lines = await docker(inspect, { tolerant: true });
  return lines.split('\n').filter(Boolean).map(parseListed);
}

export interface ListedContainer {
  id: string;
  name: string;
  /** The engine's word: `created` before it runs, `running`, `exited`, … */
  state: string;
  /** The labels that were asked for; empty if the container does not have them. */
  labels: Record<string, string>;
}

/** As containersWith(), in one call, which also does not wait for a container that is stopping. `show`: names of labels. */
export async function listContainers(labels: string[], show: string[] = []): Promise<ListedContainer[]> {
  const format = ['{{.ID}}', '{{.Names}}', '{{.State}}', ...show.map((name) => `{{.Label "${name}"}}`)].join(
    '\t',
  );
  const lines = await docker(['ps', '--all', '--no-trunc', ...labelled(labels), '--format', format]);
  return lines
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [id = '', name = '', state = '', ...values] = line.split('\t');
      const shown = show.map((label, index) => [label, values[index] ?? ''] as const);
      return { id, name, state, labels: Object.fromEntries(shown) };
    });
}

function labelled(labels: string[]): string[] {
  return labels.flatMap((label) => ['--filter', `label=${label}`]);
}

function parseListed(line: string): LabelledContainer {
  const [id, name, running, created, finished, labels] = JSON.parse(line) as [
    string,
    string,
    boolean,
    string,
    string,
    Record<string, string> | null,
  ];
  // The engine writes the year 1 for "never".
  const finishedAt = Date.parse(finished);
  return {
    id,
    name: name.replace(/^\//, ''),
    running,
    createdAt: Date.parse(created),
    finishedAt: running || !(finishedAt > 0) ? undefined : finishedAt,
    labels: labels ?? {},
  };
}

async function text(readable: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of readable) all = (all + String(chunk)).slice(-4096);
  return all;
}
