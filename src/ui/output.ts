// Writes what a build prints to a stream whose reader may fall behind, or close it at any time.
import { TerminalFilter } from './terminal-filter.js';

export class Output {
  readonly #stream: NodeJS.WriteStream;
  /** A file or a pipe gets every byte. */
  readonly #filter: TerminalFilter | undefined;
  #full: Promise<void> | undefined;

  /** `raw`: also a terminal gets every byte. */
  constructor(stream: NodeJS.WriteStream, { raw = false } = {}) {
    this.#stream = stream;
    this.#filter = stream.isTTY && !raw ? new TerminalFilter() : undefined;
  }

  write(data: Buffer): void {
    this.#write(this.#filter?.push(data) ?? data);
  }

  /** The build's output is over, or something else is said in between: its colours end. */
  plain(): void {
    if (this.#filter) this.#write(this.#filter.end());
  }

  /** Resolves when the reader has caught up; undefined if it is not behind. */
  ready(): Promise<void> | undefined {
    return this.#full;
  }

  #write(data: Buffer): void {
    if (!this.#stream.writable || data.length === 0) return;
    if (this.#stream.write(data) || this.#full) return;
    this.#full = new Promise<void>((resolve) => {
      const done = () => {
        this.#stream.off('drain', done);
        this.#stream.off('close', done);
        this.#full = undefined;
        resolve();
      };
      this.#stream.on('drain', done);
      this.#stream.on('close', done);
    });
  }
}
