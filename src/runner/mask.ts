// Hides the job's secret values wherever they appear in the log. Pure.

/** Shorter values are not hidden: they would match all over the log. */
const SHORTEST = 4;
/** Longer values that are never secrets, and that make the log unreadable when they are hidden. */
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
/** The masker passes a longer line on in pieces. */
const LONGEST_LINE = 64 * 1024;

/** The values to hide, longest first, so that a secret that contains another one is hidden as a whole. */
export function secretValues(values: Iterable<string | undefined>): string[] {
  const lines = [...values].flatMap((value) => (value ?? '').split(/\r?\n/)).map((line) => line.trim());
  const secrets = lines.filter((line) => line.length >= SHORTEST && !PLAIN.has(line.toLowerCase()));
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

/**
 * Takes data and returns masked lines. Without secrets, data passes unchanged. It works on bytes (as latin1), so output in
 * any encoding stays as it is.
 */
export class Masker {
  readonly #pattern: RegExp | undefined;
  /** Bytes of the longest secret. push() holds back as many of an unfinished line: they may be the start of a secret. */
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
    // Hide whole secrets first. Then pass on everything except the last bytes, which may be the start of another secret.
    const long = this.#hide(this.#rest);
    const held = Math.max(0, long.length - this.#longest);
    this.#rest = long.slice(held);
    return Buffer.from(lines + long.slice(0, held), 'latin1');
  }

  /** Returns the rest of an unfinished line. */
  flush(): Buffer {
    const rest = this.#hide(this.#rest);
    this.#rest = '';
    return Buffer.from(rest, 'latin1');
  }

  /** Masks a message that koalaci itself writes. */
  text(text: string): Buffer {
    return Buffer.from(this.#hide(Buffer.from(text).toString('latin1')), 'latin1');
  }

  #hide(bytes: string): string {
    return this.#pattern ? bytes.replace(this.#pattern, MASK) : bytes;
  }
}
