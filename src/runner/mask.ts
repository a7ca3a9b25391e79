// Hides the job's secret values wherever they appear in the log, in whatever form. Pure.
import { FormIndex, UNFINISHED } from './form-index.js';
import { formsOf, SHORTEST } from './secret-forms.js';

/** Values that are never secrets, and that make the log unreadable when they are hidden. */
const PLAIN = new Set([
  ...['true', 'false', 'null', 'none', 'yes', 'no', 'on', 'off', '0', '1'],
  ...['development', 'production', 'test', 'staging', 'preview'],
]);
const MASK = Buffer.from('***');
const NOTHING = Buffer.alloc(0);

/** The values to hide: lines of values, as tools print those one by one. */
export function secretValues(values: Iterable<string | undefined>): string[] {
  const lines = [...values].flatMap((value) => (value ?? '').split(/\r?\n/)).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line.length >= SHORTEST && !isPlain(line)))];
}

/** Whether a value is too short to be hidden, and may be a secret all the same. */
export function isTooShort(value: string): boolean {
  const line = value.trim();
  return line !== '' && line.length < SHORTEST && !isPlain(line);
}

/**
 * Takes data and returns it masked, without what may be the beginning of a secret: that is held back until more comes. It
 * works on bytes, so output in any encoding stays as it is.
 */
export class Masker {
  readonly #indexes: FormIndex[];
  /** With which pairs of bytes a form may begin, and which pairs may follow one byte later. They pass nearly all data. */
  readonly #firstPairs = new Uint8Array(2 ** 16);
  readonly #secondPairs = new Uint8Array(2 ** 16);
  readonly #firsts = new Uint8Array(2 ** 8);
  #rest: Buffer = NOTHING;

  constructor(secrets: readonly string[]) {
    const { plain, base64, hex } = formsOf(secrets);
    const all = [new FormIndex(plain), new FormIndex(base64, '\r\n'), new FormIndex(hex, '\r\n :\\x')];
    this.#indexes = plain.length === 0 ? [] : all;
    for (const index of this.#indexes) for (const begin of index.beginnings()) this.#note(begin);
  }

  push(data: Buffer): Buffer {
    if (this.#indexes.length === 0) return data;
    const all = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    const { shown, end } = this.#hide(all, false);
    // A copy: the rest may be a few bytes of a large piece.
    this.#rest = end === all.length ? NOTHING : Buffer.from(all.subarray(end));
    return shown;
  }

  /** Returns what was held back. */
  flush(): Buffer {
    const { shown } = this.#hide(this.#rest, true);
    this.#rest = NOTHING;
    return shown;
  }

  /** Masks a text that koalaci itself writes. */
  text(text: string): string {
    return this.#hide(Buffer.from(text), true).shown.toString();
  }

  /** Hides up to `end`, where a secret begins that may be unfinished; `isWhole` says that no more data comes. */
  #hide(all: Buffer, isWhole: boolean): { shown: Buffer; end: number } {
    const shown: Buffer[] = [];
    let from = 0;
    let at = this.#next(all, 0);
    while (at < all.length) {
      const found = this.#match(all, at, isWhole);
      if (found === UNFINISHED) break;
      if (found > 0) {
        shown.push(all.subarray(from, at), MASK);
        from = found;
      }
      at = this.#next(all, found || at + 1);
    }
    shown.push(all.subarray(from, at));
    return { shown: shown.length === 1 ? (shown[0] ?? NOTHING) : Buffer.concat(shown), end: at };
  }

  #note([first, second, third]: [number, number, number | undefined]): void {
    this.#firsts[first] = 1;
    this.#firstPairs[(first << 8) | second] = 1;
    if (third === undefined) this.#secondPairs.fill(1, second << 8, (second + 1) << 8);
    else this.#secondPairs[(second << 8) | third] = 1;
  }

  /** The next place at which a form may begin; the end if there is none. */
  #next(all: Buffer, from: number): number {
    const firstPairs = this.#firstPairs;
    const secondPairs = this.#secondPairs;
    const last = all.length - 2;
    let pair = ((all[from] ?? 0) << 8) | (all[from + 1] ?? 0);
    for (let at = from; at < last; at++) {
      const next = ((pair & 0xff) << 8) | (all[at + 2] as number);
      if (firstPairs[pair] === 1 && secondPairs[next] === 1) return at;
      pair = next;
    }
    for (let at = Math.max(from, last); at < all.length; at++)
      if (this.#firsts[all[at] ?? 0] === 1) return at;
    return all.length;
  }

  /** The end of the longest form that begins here, as FormIndex.match(). */
  #match(all: Buffer, at: number, isWhole: boolean): number {
    let longest = 0;
    for (const index of this.#indexes) {
      const end = index.match(all, at, isWhole);
      if (end === UNFINISHED) return UNFINISHED;
      longest = Math.max(longest, end);
    }
    return longest;
  }
}

function isPlain(line: string): boolean {
  return PLAIN.has(line.toLowerCase());
}
