// The names in an artifact: which there are, and which a file system that folds case or normalises takes for the same. Pure.
import { createHash } from 'node:crypto';

export type Kind = 'file' | 'directory' | 'link';

/** A longer name is remembered by its digest, so that how much memory a name takes does not depend on the name. */
const LONGEST = 100;

export class Names {
  readonly #kinds = new Map<string, Kind>();
  /** Of the names that are not folded already: their folded forms, and whether a directory has one. */
  readonly #folded = new Map<string, { isDirectory: boolean }>();

  add(path: string, kind: Kind): void {
    this.#kinds.set(keyOf(path), kind);
    const folded = fold(path);
    if (folded === path) return;
    const isDirectory = kind === 'directory' || this.#folded.get(keyOf(folded))?.isDirectory === true;
    this.#folded.set(keyOf(folded), { isDirectory });
  }

  kindOf(path: string): Kind | undefined {
    return this.#kinds.get(keyOf(path));
  }

  /** Whether another name, which is there already, differs from this one by case or normalisation only. */
  hasAlike(path: string): boolean {
    const folded = fold(path);
    return this.#folded.has(keyOf(folded)) || (folded !== path && this.#kinds.has(keyOf(folded)));
  }

  /** Whether a directory's name is the same but for case and normalisation. */
  isLikeDirectory(path: string): boolean {
    const folded = keyOf(fold(path));
    return this.#folded.get(folded)?.isDirectory === true || this.#kinds.get(folded) === 'directory';
  }
}

/** A name without what macOS and Windows do not tell apart. Bytes that are not UTF-8 become one character. */
function fold(path: string): string {
  if (/^[\x20-@[-~]*$/.test(path)) return path;
  const text = Buffer.from(path, 'latin1').toString();
  // In both directions: "ß" is "SS" in capitals.
  const folded = text.normalize('NFD').toUpperCase().toLowerCase().normalize('NFD');
  return Buffer.from(folded).toString('latin1');
}

function keyOf(name: string): string {
  // No name has a NUL in it.
  return name.length <= LONGEST ? name : `\0${createHash('sha256').update(name, 'latin1').digest('binary')}`;
}
