// Hides the job's secret values wherever they appear in the log, in whatever form. Pure.
import { FormFinder } from './form-finder.js';
import { UNFINISHED } from './form-index.js';
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
  readonly #finder: FormFinder;
  #rest: Buffer = NOTHING;

  constructor(secrets: readonly string[]) {
    this.#finder = new FormFinder(formsOf(secrets));
  }

  push(data: Buffer): Buffer {
    if (this.#finder.indexes.length === 0) return data;
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
    let at = this.#finder.next(all, 0);
    while (at < all.length) {
      const found = this.#finder.match(all, at, isWhole);
      if (found === UNFINISHED) break;
      if (found > 0) {
        shown.push(all.subarray(from, at), MASK);
        from = found;
      }
      at = this.#finder.next(all, found || at + 1);
    }
    shown.push(all.subarray(from, at));
    return { shown: shown.length === 1 ? (shown[0] ?? NOTHING) : Buffer.concat(shown), end: at };
  }
}

function isPlain(line: string): boolean {
  return PLAIN.has(line.toLowerCase());
}
