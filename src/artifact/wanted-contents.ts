// Gets the contents of a list that were wanted, one after the other: each goes into the store, and has to be what the list said.
import { createHash } from 'node:crypto';
import type { Cause } from '../job/ending.js';
import { type ListedEntry, tarEntryOf } from './listing.js';
import type { ObjectWriter } from './object-writer.js';
import { shownName } from './pack-answer.js';
import type { SecretSearch } from './secret-search.js';

export class WantedContents {
  readonly #entries: Iterator<ListedEntry>;
  readonly #objects: ObjectWriter;
  readonly #search: SecretSearch;
  #entry: ListedEntry | undefined;
  #hash = createHash('sha256');
  #left = 0;
  /** The cause that ends the build, if one is something else than was listed. */
  cause: Cause | undefined;

  /** `entries`: those whose contents come, in their order. */
  constructor(entries: Iterator<ListedEntry>, objects: ObjectWriter, search: SecretSearch) {
    this.#entries = entries;
    this.#objects = objects;
    this.#search = search;
    this.#begin();
  }

  get isComplete(): boolean {
    return this.#entry === undefined;
  }

  /** @throws Error when more comes than was wanted, or it cannot be stored */
  write(data: Buffer): void {
    for (let rest = data; rest.length > 0 && !this.cause; ) {
      if (!this.#entry) throw new Error('more contents come than were wanted');
      const piece = rest.subarray(0, this.#left);
      this.#objects.data(piece);
      this.#hash.update(piece);
      this.#search.data(piece);
      this.#left -= piece.length;
      rest = rest.subarray(piece.length);
      if (this.#left === 0) this.#end(this.#entry);
    }
  }

  #begin(): void {
    const { value } = this.#entries.next() as { value: ListedEntry | undefined };
    this.#entry = value;
    if (!value) return;
    this.#left = value.size ?? 0;
    this.#hash = createHash('sha256');
    this.#search.entry(tarEntryOf(value));
    // Nothing comes of an empty one.
    if (this.#left === 0) this.#end(value);
  }

  #end(entry: ListedEntry): void {
    const sha256 = this.#hash.digest('hex');
    if (sha256 !== entry.sha256) {
      this.#objects.abort();
      this.cause = changed(entry);
      return;
    }
    this.#objects.end({ sha256, mode: entry.mode });
    this.#begin();
  }
}

function changed(entry: ListedEntry): Cause {
  return {
    reason: 'dist_missing',
    step: 'artifact',
    message: `${shownName(tarEntryOf(entry).path)} in the dist directory changed while it was read`,
    remedy: 'Run the job again; let the build command end only when all that it starts has ended.',
  };
}
