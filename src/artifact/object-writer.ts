// Puts the content of each file of an artifact into the store of objects, while that passes by.
import { hasObject, NewObject, type ObjectKey } from './objects.js';

/** The content of a file up to this size is held until its hash is known: most of it is in the store already. */
const HELD_BYTES = 1024 ** 2;

/** Where the objects go: the directory of the user's, and the path of a new one until it is complete. */
export interface ObjectPlace {
  directory: string;
  partial: string;
}

/** Gets the pieces of one file after the other. */
export class ObjectWriter {
  readonly #place: ObjectPlace;
  #held: Buffer[] = [];
  #size = 0;
  #large: NewObject | undefined;

  constructor(place: ObjectPlace) {
    this.#place = place;
  }

  /** A piece of the content of the file. */
  data(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size <= HELD_BYTES) {
      this.#held.push(piece);
      return;
    }
    this.#large ??= this.#begun();
    this.#large.write(piece);
  }

  /** The file is complete. */
  end(key: ObjectKey): void {
    if (hasObject(this.#place.directory, { ...key, size: this.#size })) this.#large?.abort();
    else (this.#large ?? this.#begun()).close(key);
    this.#large = undefined;
    this.#held = [];
    this.#size = 0;
  }

  /** Removes what is not complete. */
  abort(): void {
    this.#large?.abort();
    this.#large = undefined;
  }

  #begun(): NewObject {
    const object = new NewObject(this.#place.directory, this.#place.partial);
    for (const piece of this.#held) object.write(piece);
    this.#held = [];
    return object;
  }
}
