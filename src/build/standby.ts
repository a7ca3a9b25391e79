// A build container that has been started and waits on its stdin for a job: the engine works while we still ask Redis.
import { PassThrough, type Readable } from 'node:stream';
import type { DockerStream } from '../docker/cli.js';
import { removeContainers, runContainer } from '../docker/container.js';
import { type Sandbox, sandboxArgs } from './sandbox.js';

export class Standby implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly process: DockerStream;
  readonly stdout: Readable;
  readonly stderr: Readable;
  #fed = false;

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.process = runContainer(sandboxArgs(sandbox));
    // A container that did not start does not read; docker's own words, on stderr, tell why.
    this.process.stdin.on('error', () => {});
    // Nothing is read before the job is fed, and a process that ends before drains streams that nobody reads.
    this.stdout = this.process.stdout.pipe(new PassThrough());
    this.stderr = this.process.stderr.pipe(new PassThrough());
  }

  /** Starts the container. Nothing of a job happens in it before feed(). */
  static start(sandbox: Sandbox): Standby {
    return new Standby(sandbox);
  }

  /** Gives it the job. From here on the build is responsible for its end. */
  feed(order: Buffer): void {
    this.#fed = true;
    this.process.stdin.end(order);
  }

  /** Takes away a container that never got a job. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#fed) return;
    this.process.stdin.end();
    this.stdout.resume();
    this.stderr.resume();
    await this.process;
    await removeContainers([this.sandbox.name]).catch(() => {});
  }
}
