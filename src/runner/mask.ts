// Hides the job's secret values wherever they turn up in the log. Pure.

/** Shorter values would blank out half of the log. */
const SHORTEST = 4;
/** Values of that length that are never secrets, and would be missed in a log. */
const PLAIN = new Set([
  'true',
  'false',
  'null',
  'none',
  'development',
  'production',
  'test',
  'staging',
  'preview',
]);
const MASK = '***';
/** A line longer than this is passed on in pieces. */
const LONGEST_LINE = 64 * 1024;

/** The values to hide, longest first so that a value inside another leaves nothing behind. */
export function secretValues(values: Iterable<string | undefined>): string[] {
  const lines = [...values].flatMap((value) => (value ?? '').split(/\r?\n/)).map((line) => line.trim());
  const secrets = lines.filter((line) => line.length >= SHORTEST && !PLAIN.has(line.toLowerCase()));
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

/**
 * Takes data in, gives masked lines out. Without secrets data passes as it is. Text is handled as bytes (latin1), so
 * that output which is not UTF-8 stays what it is.
 */
export class Masker {
  readonly #pattern: RegExp | undefined;
  /** A piece of a secret that may stand at the end of an unfinished line is shorter than this. */
  readonly #longest: number;
  #rest = '';

  constructor(secrets: string[]) {
    const bytes = secrets.map((secret) => Buffer.from(secret).toString('latin1'));
    const alternatives = bytes.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#pattern = alternatives.length > 0 ? new RegExp(alternatives.join('|'), 'g') : undefined;
    this.#longest = Math.max(0, ...bytes.map(({ length }) => length));
  }

  push(data: Buffer): Buffer {
    if (!this.#pattern) return data;
    const all = this.#rest + data.toString('latin1');
    const end = all.lastIndexOf('\n') + 1;
    this.#rest = all.slice(end);
    const lines = this.#hide(all.slice(0, end));
    if (this.#rest.length <= LONGEST_LINE) return Buffer.from(lines, 'latin1');
    // What is whole is hidden first; then all is passed on but what may be the beginning of a secret.
    const long = this.#hide(this.#rest);
    const held = Math.max(0, long.length - this.#longest);
    this.#rest = long.slice(held);
    return Buffer.from(lines + long.slice(0, held), 'latin1');
  }

  /** What is left of an unfinished line. */
  flush(): Buffer {
    const rest = this.#hide(this.#rest);
    this.#rest = '';
    return Buffer.from(rest, 'latin1');
  }

  /** Masks a text of our own. */
  text(text: string): Buffer {
    return Buffer.from(this.#hide(Buffer.from(text).toString('latin1')), 'latin1');
  }

  #hide(bytes: string): string {
    return this.#pattern ? bytes.replace(this.#pattern, MASK) : bytes;
  }
}
