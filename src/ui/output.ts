// Writes to a stream whose reader may fall behind, or close it at any time.

export class Output {
  readonly #stream: NodeJS.WriteStream;
  #full: Promise<void> | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  write(data: Buffer): void {
    if (!this.#stream.writable) return;
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

  /** Resolves when the reader has caught up; undefined if it is not behind. */
  ready(): Promise<void> | undefined {
    return this.#full;
  }
}
