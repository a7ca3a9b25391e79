// A build container that runs and waits on its stdin for a job, so that the engine works while koalaci still asks Redis.
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { DockerStream } from '../docker/cli.js';
import { dockerOptions } from '../docker/command.js';
import { attachContainer, removeContainers, renameContainer, runContainer } from '../docker/container.js';
import { type EngineError, engineError } from '../docker/errors.js';
import { claimedName } from '../docker/names.js';
import { settledWithin } from '../job/settled-within.js';
import { REMOVAL_PATIENCE_MS } from '../settings/timing.js';
import { parseControl } from './control.js';
import { type Sandbox, sandboxArgs } from './flags.js';
import { IdFile } from './id-file.js';
import type { JobInput } from './job-input.js';
import { found, GO, wanted } from './protocol.js';

/** Docker says less than that, in characters, when it does not run a container. */
const MOST_SAID = 65_536;

/** It gets the job at once and fetches the source, which changes nothing elsewhere. Then it waits for go(). */
export class BuildContainer implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly input: JobInput;
  /** Whether it was a standby container: then it may have stopped in the moment in which it was claimed. */
  readonly wasWaiting: boolean;
  readonly process: DockerStream;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The error if the engine ends without having run the entrypoint; undefined as soon as that runs. */
  readonly refusal: Promise<EngineError | undefined>;
  readonly #readId: () => string | undefined;
  #used = false;

  private constructor(
    { sandbox, input, wasWaiting }: Pick<BuildContainer, 'sandbox' | 'input' | 'wasWaiting'>,
    process: DockerStream,
    readId: () => string | undefined,
  ) {
    this.sandbox = sandbox;
    this.input = input;
    this.wasWaiting = wasWaiting;
    this.process = process;
    this.#readId = readId;
    // A container that did not start does not read. Docker's own words on stderr say why.
    this.process.stdin.on('error', () => {});
    // Nobody reads before the build begins, and when a process ends, Node drains streams that nobody reads.
    this.stdout = this.process.stdout.pipe(new PassThrough());
    this.stderr = this.process.stderr.pipe(new PassThrough());
    this.refusal = refusalOf(this.process);
  }

  /** Starts a container for a job. */
  static start(sandbox: Sandbox, input: JobInput): BuildContainer {
    const file = new IdFile();
    const process = runContainer(['--cidfile', file.path, ...sandboxArgs(sandbox)]);
    const container = new BuildContainer({ sandbox, input, wasWaiting: false }, process, () => file.read());
    // The first event says that the container runs: its id is known by then.
    process.stderr.once('data', () => file.read());
    void process.then(() => file.read() ?? file.remove());
    process.stdin.write(input.bytes);
    return container;
  }

  /**
   * Claims a standby container by renaming it: only one runner can. Returns undefined when that was another one.
   */
  static async attach(
    sandbox: Sandbox,
    input: JobInput,
    { id, name }: { id: string; name: string },
  ): Promise<BuildContainer | undefined> {
    const standby = new BuildContainer({ sandbox, input, wasWaiting: true }, attachContainer(id), () => id);
    try {
      await renameContainer(name, claimedName(name));
      // It is ours now, and fetches the source while it gets the build's name.
      standby.process.stdin.write(input.bytes);
      await renameContainer(claimedName(name), sandbox.name);
      return standby;
    } catch {
      standby.#letGo();
      return undefined;
    }
  }

  /** The engine's id of the container: its name changes. Undefined while the engine is still creating it. */
  get id(): string | undefined {
    return this.#readId();
  }

  /**
   * What to call it when the docker command that ran it has ended: its id. If that command died before it had one, the name, which
   * nothing but this attempt's container ever has.
   */
  get address(): string {
    return this.id ?? this.sandbox.name;
  }

  /** Lets the build begin, once the job is claimed. From here on the build is responsible for removing the container. */
  go(): void {
    this.#used = true;
    // Do not end stdin: the engine would close the container's output with it.
    this.process.stdin.write(GO);
  }

  /** Tells it which contents of its list are wanted. */
  tellWanted(answers: string): void {
    this.process.stdin.write(wanted(answers));
  }

  /** Tells it what was found in its archive. It answers with the event `tracked`, unless that is nothing, and goes on. */
  tellFound(values: readonly string[]): void {
    this.process.stdin.write(found(values));
  }

  /** Removes a container whose job was not built. The engine may still be creating it: it has its time for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#used) return;
    this.process.stdin.end();
    this.stdout.resume();
    this.stderr.resume();
    const deadline = performance.now() + dockerOptions().patienceMs;
    const ended = this.process.then(() => true);
    do await this.#remove();
    while (!(await Promise.race([ended, delay(100, performance.now() > deadline)])));
    await this.abandon();
  }

  /** Ends the docker command that does not get the engine to run it. What the engine still makes of it, the reaper removes. */
  async abandon(): Promise<void> {
    this.#letGo();
    await settledWithin(REMOVAL_PATIENCE_MS, this.#remove());
  }

  async #remove(): Promise<void> {
    await removeContainers([this.address]).catch(() => {});
  }

  #letGo(): void {
    this.stdout.resume();
    this.stderr.resume();
    this.process.kill('SIGKILL');
  }
}

/** Docker writes into the same stream as the entrypoint, whose first event says that it runs. */
async function refusalOf(process: DockerStream): Promise<EngineError | undefined> {
  let said = '';
  let look = (_: Buffer): void => {};
  const runs = new Promise<true>((resolve) => {
    look = (data) => {
      said += data;
      if (said.length > MOST_SAID || said.split('\n').some((line) => parseControl(line))) resolve(true);
    };
    process.stderr.on('data', look);
  });
  const isRunning = await Promise.race([runs, finished(process.stderr).catch(() => {})]);
  process.stderr.off('data', look);
  if (isRunning) return undefined;
  return engineError({ args: ['run'], stderr: said, code: (await process).code });
}
