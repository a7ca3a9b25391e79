// Finds which of many texts begins at a place of some data, in a time that does not grow with their number. Pure.

/** More data may make it one of the texts. */
export const UNFINISHED = -1;
/** How many letters of a text have to be there before a line end lets the rest be waited for: fewer are there by chance. */
const CERTAIN = 4;
const LINE_END = 0x0a;
/** Most bytes between two letters. */
const GAP = 4;

/** The texts, sorted. Those that begin as the data does are neighbours: a search is a range that gets narrower. */
export class FormIndex {
  readonly #sorted: readonly Buffer[];
  readonly #gaps: ReadonlySet<number>;

  /** `gaps`: letters that may stand between those of a text, and are in none of them. */
  constructor(texts: readonly Buffer[], gaps = '') {
    this.#sorted = [...texts].sort(Buffer.compare);
    this.#gaps = new Set(Buffer.from(gaps));
  }

  /** How many bytes the longest text may take. */
  get reach(): number {
    const longest = this.#sorted.reduce((most, { length }) => Math.max(most, length), 0);
    return this.#gaps.size === 0 ? longest : longest * (1 + GAP);
  }

  /** Every three bytes with which a text may begin; undefined stands for any. */
  *beginnings(): Iterable<[first: number, second: number, third: number | undefined]> {
    for (const [first = 0, second = 0, third = 0] of this.#sorted) {
      yield [first, second, third];
      for (const gap of this.#gaps) {
        yield [first, gap, undefined];
        yield [first, second, gap];
      }
    }
  }

  /**
   * The end of the longest text that begins at `from`; 0 if there is none, UNFINISHED if more data has to tell. `isWhole`: no
   * more comes.
   */
  match(data: Buffer, from: number, isWhole: boolean): number {
    let [low, high, depth, gap, end] = [0, this.#sorted.length, 0, 0, 0];
    let hasLineEnd = false;
    for (let at = from; at < data.length; at++) {
      const byte = data[at] ?? 0;
      if (depth > 0 && gap < GAP && this.#gaps.has(byte)) {
        gap++;
        hasLineEnd ||= byte === LINE_END;
        continue;
      }
      if (this.#at(low, depth) !== byte || this.#at(high - 1, depth) !== byte) {
        low = this.#firstFrom(low, high, depth, byte);
        high = this.#firstFrom(low, high, depth, byte + 1);
        if (low === high) return end;
      }
      depth++;
      gap = 0;
      // The shortest one of those that begin alike is the first, the longest one may be any of them.
      if (this.#sorted[low]?.length === depth) {
        end = at + 1;
        if (low === high - 1) return end;
      }
    }
    return isWhole || (hasLineEnd && depth < CERTAIN) ? end : UNFINISHED;
  }

  /** The text that stands from `from` to `end`, which match() has found there; as latin1. */
  textAt(data: Buffer, from: number, end: number): string {
    const bytes = data.subarray(from, end);
    return (this.#gaps.size === 0 ? bytes : bytes.filter((byte) => !this.#gaps.has(byte))).toString('latin1');
  }

  #firstFrom(low: number, high: number, depth: number, byte: number): number {
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#at(middle, depth) < byte) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** A text that has ended is before those that go on. */
  #at(index: number, depth: number): number {
    return this.#sorted[index]?.[depth] ?? -1;
  }
}
