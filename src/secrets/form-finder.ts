// Finds where in some data a secret may begin, in one pass whose time does not grow with their number. Pure.
import { FormIndex, UNFINISHED } from './form-index.js';
import type { SecretForms } from './secret-forms.js';

export class FormFinder {
  /** One for each way in which forms are broken up. */
  readonly indexes: readonly FormIndex[];
  /** With which pairs of bytes a form may begin, and which pairs may follow one byte later. They pass nearly all data. */
  readonly #firstPairs = new Uint8Array(2 ** 16);
  readonly #secondPairs = new Uint8Array(2 ** 16);
  readonly #firsts = new Uint8Array(2 ** 8);

  constructor({ plain, base64, hex }: SecretForms) {
    const all = [new FormIndex(plain), new FormIndex(base64, '\r\n'), new FormIndex(hex, '\r\n :\\x')];
    this.indexes = plain.length === 0 ? [] : all;
    for (const index of this.indexes) for (const begin of index.beginnings()) this.#note(begin);
  }

  /** How many bytes the longest form may take. */
  get reach(): number {
    return Math.max(0, ...this.indexes.map(({ reach }) => reach));
  }

  /** The next place before `until` at which a form may begin; `until` if there is none. */
  next(all: Buffer, from: number, until = all.length): number {
    const firstPairs = this.#firstPairs;
    const secondPairs = this.#secondPairs;
    const last = Math.min(until, all.length - 2);
    let pair = ((all[from] ?? 0) << 8) | (all[from + 1] ?? 0);
    for (let at = from; at < last; at++) {
      const next = ((pair & 0xff) << 8) | (all[at + 2] as number);
      if (firstPairs[pair] === 1 && secondPairs[next] === 1) return at;
      pair = next;
    }
    for (let at = Math.max(from, last); at < until; at++) if (this.#firsts[all[at] ?? 0] === 1) return at;
    return until;
  }

  /** The end of the longest form that begins here, as FormIndex.match(). */
  match(all: Buffer, at: number, isWhole: boolean): number {
    let longest = 0;
    for (const index of this.indexes) {
      const end = index.match(all, at, isWhole);
      if (end === UNFINISHED) return UNFINISHED;
      longest = Math.max(longest, end);
    }
    return longest;
  }

  #note([first, second, third]: [number, number, number | undefined]): void {
    this.#firsts[first] = 1;
    this.#firstPairs[(first << 8) | second] = 1;
    if (third === undefined) this.#secondPairs.fill(1, second << 8, (second + 1) << 8);
    else this.#secondPairs[(second << 8) | third] = 1;
  }
}
