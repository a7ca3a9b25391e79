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
const NEWLINE = 0x0a;
/** A line longer than this is passed on in pieces. */
const LONGEST_LINE = 64 * 1024;

/** The values to hide, longest first so that a value inside another leaves nothing behind. */
export function secretValues(values: Iterable<string | undefined>): string[] {
  const lines = [...values].flatMap((value) => (value ?? '').split(/\r?\n/)).map((line) => line.trim());
  const secrets = lines.filter((line) => line.length >= SHORTEST && !PLAIN.has(line.toLowerCase()));
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

/** Takes data in, gives whole masked lines out. Without secrets data passes as it is. */
export class Masker {
  readonly #pattern: RegExp | undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor(secrets: string[]) {
    const alternatives = secrets.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#pattern = alternatives.length > 0 ? new RegExp(alternatives.join('|'), 'g') : undefined;
  }

  push(data: Buffer): Buffer {
    if (!this.#pattern) return data;
    const all = Buffer.concat([this.#rest, data]);
    const end = all.lastIndexOf(NEWLINE) + 1 || (all.length > LONGEST_LINE ? all.length : 0);
    this.#rest = all.subarray(end);
    return this.text(all.subarray(0, end).toString());
  }

  /** What is left of an unfinished line. */
  flush(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return this.text(rest.toString());
  }

  /** Masks a text of our own. */
  text(text: string): Buffer {
    return Buffer.from(this.#pattern ? text.replace(this.#pattern, MASK) : text);
  }
}
