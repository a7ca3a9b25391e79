// A build container that runs and waits on its stdin for a job: the engine works while we still ask Redis.
import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { DockerStream } from '../docker/cli.js';
import { attachContainer, removeContainers, renameContainer, runContainer } from '../docker/container.js';
import { type Sandbox, sandboxArgs } from './flags.js';
import type { JobInput } from './job-input.js';

/** It is told the job at once and fetches the source, which changes nothing anywhere; with the rest it waits for go(). */
export class BuildContainer implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly input: JobInput;
  /** It was started ahead: it may have gone in the moment in which it was taken. */
  readonly wasWaiting: boolean;
  readonly process: DockerStream;
  readonly stdout: Readable;
  readonly stderr: Readable;
  #used = false;

  private constructor(sandbox: Sandbox, input: JobInput, process: DockerStream, wasWaiting: boolean) {
    this.sandbox = sandbox;
    this.input = input;
    this.wasWaiting = wasWaiting;
    this.process = process;
    // A container that did not start does not read; docker's own words, on stderr, tell why.
    this.process.stdin.on('error', () => {});
    // Nothing is read before the build begins, and a process that ends before drains streams that nobody reads.
    this.stdout = this.process.stdout.pipe(new PassThrough());
    this.stderr = this.process.stderr.pipe(new PassThrough());
  }

  /** Starts a container for a job. */
  static start(sandbox: Sandbox, input: JobInput): BuildContainer {
    const standby = new BuildContainer(sandbox, input, runContainer(sandboxArgs(sandbox)), false);
    standby.process.stdin.write(input.bytes);
    return standby;
  }

  /** Takes over one that was started ahead, by its id: whoever gives it its name has it. Undefined when that was another. */
  static async attach(sandbox: Sandbox, input: JobInput, id: string): Promise<BuildContainer | undefined> {
    const standby = new BuildContainer(sandbox, input, attachContainer(id), true);
    try {
      await renameContainer(id, sandbox.name);
      standby.process.stdin.write(input.bytes);
      return standby;
    } catch {
      standby.#letGo();
      return undefined;
    }
  }

  /** The job is ours: it may be built. From here on the build is responsible for the container's end. */
  go(): void {
    this.#used = true;
    // Not ended: the engine would close the container's output with it.
    this.process.stdin.write('go\0');
  }

  /** Takes away a container whose job was not built; it may not have been made by then. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#used) return;
    this.process.stdin.end();
    this.stdout.resume();
    this.stderr.resume();
    const ended = this.process.then(() => true);
    do await this.#remove();
    while (!(await Promise.race([ended, delay(100, false)])));
    await this.#remove();
  }

  async #remove(): Promise<void> {
    await removeContainers([this.sandbox.name]).catch(() => {});
  }

  #letGo(): void {
    this.stdout.resume();
    this.stderr.resume();
    this.process.kill('SIGKILL');
  }
}
