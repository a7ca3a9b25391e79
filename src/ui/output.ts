// A writable that says when whoever reads it falls behind, and that may be closed by the reader at any time.

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
        this.#full = undefined;
        resolve();
      };
      this.#stream.once('drain', done);
      this.#stream.once('close', done);
    });
  }

  /** Pending until the reader has caught up; undefined when it has. */
  ready(): Promise<void> | undefined {
    return this.#full;
  }
}
