// What the engine tells by itself.
import { setTimeout as delay } from 'node:timers/promises';
import { type DockerStream, dockerStream } from './cli.js';

/** Rings when a container with all of these labels starts or is gone, also for what happened in the last second. */
export class Bell implements Disposable {
  readonly #stream: DockerStream;
  readonly #signal: AbortSignal;
  #hasRung = false;
  #wake = () => {};

  constructor(labels: string[], signal: AbortSignal) {
    const filters = [...labels.map((label) => `label=${label}`), 'event=start', 'event=destroy'];
    // Whatever happens until the engine listens is told as well.
    const args = ['events', '--since', '1s', ...filters.flatMap((filter) => ['--filter', filter])];
    this.#signal = signal;
    this.#stream = dockerStream([...args, '--format', '{{.Action}}']);
    this.#stream.stderr.resume();
    this.#stream.stdout.on('data', () => {
      this.#hasRung = true;
      this.#wake();
    });
  }

  /** Returns when it rings, when it has rung since the last call, after `mostMs`, or when the signal aborts. */
  async rung(mostMs: number): Promise<void> {
    if (!this.#hasRung) {
      const rings = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const timer = new AbortController();
      const signal = AbortSignal.any([this.#signal, timer.signal]);
      await Promise.race([rings, delay(mostMs, undefined, { signal }).catch(() => {})]);
      timer.abort();
    }
    this.#hasRung = false;
  }

  [Symbol.dispose](): void {
    this.#stream.kill();
  }
}
