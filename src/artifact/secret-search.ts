// Searches what is shipped for the job's secrets: in the names and the content of all entries, in every form, across pieces.
//
// What a tool has compressed or encrypted is not found. A copy of a page that was compressed beforehand (.gz, .br) stands beside
// that page, which is.
import { FormFinder } from '../secrets/form-finder.js';
import { UNFINISHED } from '../secrets/form-index.js';
import { Masker } from '../secrets/mask.js';
import { formsOf, type SecretForms } from '../secrets/secret-forms.js';
import { shownName } from './pack-answer.js';
import type { TarEntry } from './tar-reader.js';

/** Where a secret stands first. */
export interface Finding {
  /** Its place in the list of secrets. */
  secret: number;
  /** The file, as a line can show it. */
  path: string;
  /** The line in it, from 1; none if it stands in the name, or in the target of a link. */
  line?: number;
}

interface Looking {
  until: number;
  isWhole: boolean;
  isName?: boolean;
}

/** Shorter ones are in any text by chance: they are searched as they are, and as words of their own. */
const SHORT = 8;
/** As much of a longer one is searched, in characters: its end may be in other texts, too. */
const MOST = 200;
const NOTHING = Buffer.alloc(0);
const LINE_END = 0x0a;

export class SecretSearch {
  readonly #secrets: readonly string[];
  readonly #finder: FormFinder;
  readonly #reach: number;
  /** The secrets of which a text is a form. */
  readonly #owners = new Map<string, number[]>();
  readonly #findings = new Map<number, Finding>();
  /** Texts of which nothing is to be said any more. */
  readonly #told = new Set<string>();
  #mask: Masker | undefined;
  #path = '';
  /** Bytes of content that the entry still has. */
  #left = 0;
  /** The end of the content so far, where a form may begin; the byte before it; the lines before it. */
  #rest = NOTHING;
  #before = -1;
  #lines = 0;

  /** @param secrets lines of values, without an end of line in them */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
    const all: SecretForms = { plain: [], base64: [], hex: [] };
    for (const [index, secret] of secrets.entries()) this.#add(formsFor(secret), index, all);
    this.#finder = new FormFinder(all);
    // What stands behind a form counts, too.
    this.#reach = this.#finder.reach + 1;
  }

  get findings(): Finding[] {
    return [...this.#findings.values()];
  }

  /** Begins with the next entry. */
  entry({ path, target, size }: TarEntry): void {
    if (this.isDone) return;
    this.#path = path;
    for (const name of [path, target]) {
      this.#begin();
      this.#look(Buffer.from(name, 'latin1'), { until: name.length, isWhole: true, isName: true });
    }
    this.#begin();
    this.#left = size;
  }

  /** A piece of the content of the entry. */
  data(piece: Buffer): void {
    if (this.isDone) return;
    this.#left -= piece.length;
    const isWhole = this.#left <= 0;
    const kept = this.#rest.length;
    if (kept > 0) {
      // Not all of the piece: it would be copied for nothing.
      const both = Buffer.concat([this.#rest, piece.subarray(0, this.#reach)]);
      const hasAll = piece.length <= this.#reach;
      const end = this.#look(both, { until: kept, isWhole: isWhole && hasAll });
      this.#keep(both, end, hasAll && end < kept ? both.length : kept);
      if (this.#rest.length > 0) return;
    }
    const end = this.#look(piece, { until: piece.length, isWhole });
    if (!isWhole) this.#keep(piece, end, piece.length);
  }

  /** Whether nothing is left to be found. */
  get isDone(): boolean {
    return this.#findings.size === this.#secrets.length;
  }

  /** Lets go of what was looked at, and keeps the rest. */
  #keep(data: Buffer, from: number, to: number): void {
    this.#lines += linesIn(data, from);
    this.#before = data[from - 1] ?? this.#before;
    // A copy: the rest may be a few bytes of a large piece.
    this.#rest = from === to ? NOTHING : Buffer.from(data.subarray(from, to));
  }

  #begin(): void {
    this.#rest = NOTHING;
    this.#before = -1;
    this.#lines = 0;
  }

  #add(forms: SecretForms, index: number, all: SecretForms): void {
    for (const kind of ['plain', 'base64', 'hex'] as const)
      for (const form of forms[kind]) {
        const text = form.toString('latin1');
        const owners = this.#owners.get(text);
        if (owners) owners.push(index);
        else this.#owners.set(text, [index]);
        all[kind].push(form);
      }
  }

  /** Looks for forms that begin before `until`. Returns where one begins that may go on, unless the data `isWhole`; else `until`. */
  #look(all: Buffer, { until, isWhole, isName = false }: Looking): number {
    const finder = this.#finder;
    for (let at = finder.next(all, 0, until); at < until; at = finder.next(all, at + 1, until))
      for (const index of finder.indexes) {
        const end = index.match(all, at, isWhole);
        // What stands behind a short one may tell that it is none.
        if (end === UNFINISHED || (end === all.length && !isWhole)) return at;
        if (end > 0) this.#found(index.textAt(all, at, end), { all, at, isName });
      }
    return until;
  }

  /** A form begins where a shorter one begins, too. */
  #found(text: string, { all, at, isName }: { all: Buffer; at: number; isName: boolean }): void {
    if (this.#told.has(text)) return;
    let isTold = true;
    for (let length = text.length; length > 0; length--)
      for (const secret of this.#owners.get(text.slice(0, length)) ?? []) {
        if (this.#findings.has(secret)) continue;
        const isShort = (this.#secrets[secret] ?? '').length < SHORT;
        if (isShort && (this.#isLetter(all, at - 1) || this.#isLetter(all, at + length))) {
          isTold = false;
          continue;
        }
        const line = isName ? {} : { line: this.#lines + linesIn(all, at) + 1 };
        this.#findings.set(secret, { secret, path: this.#shown(), ...line });
      }
    if (isTold) this.#told.add(text);
  }

  #isLetter(all: Buffer, at: number): boolean {
    const byte = at === -1 ? this.#before : (all[at] ?? -1);
    return byte !== -1 && /[A-Za-z0-9]/.test(String.fromCharCode(byte));
  }

  /** The path, in which there may be secrets, too. */
  #shown(): string {
    this.#mask ??= new Masker(this.#secrets);
    const path = Buffer.from(this.#path, 'latin1');
    return shownName(Buffer.concat([this.#mask.push(path), this.#mask.flush()]).toString('latin1'));
  }
}

function formsFor(secret: string): SecretForms {
  if (secret.length < SHORT) return { plain: [Buffer.from(secret)], base64: [], hex: [] };
  return formsOf([[...secret].slice(0, MOST).join('')]);
}

/** How many lines end before a place. */
function linesIn(data: Buffer, end: number): number {
  let lines = 0;
  for (let at = data.indexOf(LINE_END); at !== -1 && at < end; at = data.indexOf(LINE_END, at + 1)) lines++;
  return lines;
}
