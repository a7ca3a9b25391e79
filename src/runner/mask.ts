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

/** The values to hide, longest first, so that a secret that contains another one is hidden as a whole. */
export function secretValues(values: Iterable<string | undefined>): string[] {
  const lines = [...values].flatMap((value) => (value ?? '').split(/\r?\n/)).map((line) => line.trim());
  const secrets = lines.filter((line) => line.length >= SHORTEST && !PLAIN.has(line.toLowerCase()));
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

/**
 * Takes data and returns it masked, without what may be the beginning of a secret: that is held back until more comes. It
 * works on bytes (as latin1), so output in any encoding stays as it is.
 */
export class Masker {
  /** The secrets, longest first: the longest one of those that begin at a place is hidden. */
  readonly #secrets: string[];
  readonly #pattern: RegExp | undefined;
  #rest = '';

  constructor(secrets: string[]) {
    this.#secrets = secrets.map((secret) => Buffer.from(secret).toString('latin1'));
    const alternatives = this.#secrets.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#pattern = alternatives.length > 0 ? new RegExp(alternatives.join('|'), 'g') : undefined;
  }

  push(data: Buffer): Buffer {
    if (!this.#pattern) return data;
    const all = this.#rest + data.toString('latin1');
    const end = this.#decided(all, this.#pattern);
    this.#rest = all.slice(end);
    return Buffer.from(this.#hide(all.slice(0, end)), 'latin1');
  }

  /** Returns what was held back. */
  flush(): Buffer {
    const rest = this.#hide(this.#rest);
    this.#rest = '';
    return Buffer.from(rest, 'latin1');
  }

  /** Masks a message that koalaci itself writes. */
  text(text: string): Buffer {
    return Buffer.from(this.#hide(Buffer.from(text).toString('latin1')), 'latin1');
  }

  /** Up to where no later data changes what is hidden: before the beginning of a secret, or after a secret that overlaps it. */
  #decided(all: string, pattern: RegExp): number {
    const begin = this.#unfinished(all);
    if (begin === all.length) return begin;
    pattern.lastIndex = 0;
    for (let found = pattern.exec(all); found && found.index < begin; found = pattern.exec(all))
      if (pattern.lastIndex > begin) return pattern.lastIndex;
    return begin;
  }

  /** Where the first secret begins that may be unfinished at the end; no secret has a line end. */
  #unfinished(all: string): number {
    const longest = this.#secrets[0]?.length ?? 0;
    for (let at = Math.max(all.length - longest + 1, all.lastIndexOf('\n') + 1, 0); at < all.length; at++) {
      const length = all.length - at;
      const first = all.charCodeAt(at);
      const begins = (secret: string) =>
        secret.length > length && secret.charCodeAt(0) === first && secret.startsWith(all.slice(at));
      if (this.#secrets.some(begins)) return at;
    }
    return all.length;
  }

  #hide(bytes: string): string {
    return this.#pattern ? bytes.replace(this.#pattern, MASK) : bytes;
  }
}
