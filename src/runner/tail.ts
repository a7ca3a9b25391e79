// The end of an output that grows: so many bytes, in memory that does not grow. Pure.

export class Tail {
  readonly #bytes: Buffer;
  /** How many bytes have come so far. */
  #length = 0;

  constructor(size: number) {
    this.#bytes = Buffer.alloc(size);
  }

  push(data: Buffer): void {
    const size = this.#bytes.length;
    // Of what is longer than all, only the end is seen.
    const end = data.subarray(-size);
    const at = (this.#length + data.length - end.length) % size;
    const fits = end.copy(this.#bytes, at);
    end.copy(this.#bytes, 0, fits);
    this.#length += data.length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** The last bytes as text, of which no more than `most` are wanted. */
  text(most = this.#bytes.length): string {
    const size = this.#bytes.length;
    const at = this.#length % size;
    const all =
      this.#length <= size
        ? this.#bytes.subarray(0, this.#length)
        : Buffer.concat([this.#bytes.subarray(at), this.#bytes.subarray(0, at)]);
    return all.subarray(Math.max(0, all.length - most)).toString();
  }
}
