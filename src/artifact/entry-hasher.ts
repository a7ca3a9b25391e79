// Hashes the content of each entry of an archive, while that passes by.
import { createHash } from 'node:crypto';
import type { TarEntry } from './tar-reader.js';

/** Follows the entries of an archive and their content, and hands each on when it is complete. */
export class EntryHasher {
  readonly #onEntry: (entry: TarEntry, sha256: string) => void;
  #open: { entry: TarEntry; left: number; hash: ReturnType<typeof createHash> } | undefined;

  constructor(onEntry: (entry: TarEntry, sha256: string) => void) {
    this.#onEntry = onEntry;
  }

  entry(entry: TarEntry): void {
    this.#open = { entry, left: entry.size, hash: createHash('sha256') };
    this.#endIfComplete();
  }

  /** A piece of the content of the entry before. */
  data(piece: Buffer): void {
    if (!this.#open) return;
    this.#open.hash.update(piece);
    this.#open.left -= piece.length;
    this.#endIfComplete();
  }

  #endIfComplete(): void {
    if (!this.#open || this.#open.left > 0) return;
    const { entry, hash } = this.#open;
    this.#open = undefined;
    this.#onEntry(entry, hash.digest('hex'));
  }
}
