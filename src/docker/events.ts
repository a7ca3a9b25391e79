// What the engine tells by itself.
import { setTimeout as delay } from 'node:timers/promises';
import { type DockerStream, dockerStream } from './cli.js';

/** A container was created, has started, or is gone. */
export interface ContainerEvent {
  action: string;
  id: string;
}

/** What happens to the containers with all of these labels, also what did in the last second. */
export class ContainerEvents implements Disposable {
  readonly #stream: DockerStream;
  readonly #signal: AbortSignal;
  #events: ContainerEvent[] = [];
  #rest = '';
  #wake = () => {};

  constructor(labels: string[], signal: AbortSignal) {
    const actions = ['create', 'start', 'destroy'].map((action) => `event=${action}`);
    const filters = [...labels.map((label) => `label=${label}`), ...actions];
    // Whatever happens until the engine listens is told as well.
    const args = ['events', '--since', '1s', ...filters.flatMap((filter) => ['--filter', filter])];
    this.#signal = signal;
    this.#stream = dockerStream([...args, '--format', '{{.Action}} {{.Actor.ID}}']);
    this.#stream.stderr.resume();
    this.#stream.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
  }

  /** The events since the last call. Waits for one, at most `mostMs` or until the signal aborts: then there are none. */
  async next(mostMs: number): Promise<ContainerEvent[]> {
    if (this.#events.length === 0) {
      const rings = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const timer = new AbortController();
      const signal = AbortSignal.any([this.#signal, timer.signal]);
      await Promise.race([rings, delay(mostMs, undefined, { signal }).catch(() => {})]);
      timer.abort();
    }
    return this.#events.splice(0);
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const [action = '', id = ''] = line.split(' ');
      this.#events.push({ action, id });
    }
    if (this.#events.length > 0) this.#wake();
  }

  [Symbol.dispose](): void {
    this.#stream.kill();
  }
}
