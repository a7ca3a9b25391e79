// The list of what is in an archive: each entry as it stands in the manifest, with the sha256 of its content.
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import * as z from 'zod';
import { isAscii, isUtf8, modeOf } from './tar-header.js';
import type { TarEntry } from './tar-reader.js';

/** A name: as text, or in base64 where it is not UTF-8, which JSON cannot have. */
const named = <Name extends string>(name: Name) =>
  ({ [name]: z.string().optional(), [`${name}_base64`]: z.string().optional() }) as {
    [Field in Name | `${Name}_base64`]: z.ZodOptional<z.ZodString>;
  };

export const ListedEntry = z.object({
  ...named('path'),
  type: z.enum(['file', 'directory', 'link', 'hard_link']),
  /** In octal digits. */
  mode: z.string(),
  /** Of a file: bytes, and their hash. */
  size: z.number().optional(),
  sha256: z.string().optional(),
  /** Of a link. */
  ...named('target'),
});
export type ListedEntry = z.infer<typeof ListedEntry>;

const TYPES: Record<string, ListedEntry['type']> = { '1': 'hard_link', '2': 'link', '5': 'directory' };
const FLAGS = { file: '0', hard_link: '1', link: '2', directory: '5' } as const;
const CHUNK_LETTERS = 64 * 1024;

/** An entry of an archive as its manifest lists it. `sha256` is that of a file's content. Pure. */
export function listedEntry(entry: TarEntry, sha256: string): ListedEntry {
  const { type: flag, path, target, size } = entry;
  const type = TYPES[flag] ?? 'file';
  const mode = modeOf(entry).toString(8);
  // Nearly all are such: it is asked of each entry.
  if (type === 'file' && isAscii(path)) return { path, type, mode, size, sha256 };
  return {
    ...nameAs('path', path),
    type,
    mode,
    ...(type === 'file' ? { size, sha256 } : {}),
    ...(target === '' ? {} : nameAs('target', target)),
  };
}

/** The same entry as an archive has it. Pure. */
export function tarEntryOf(listed: ListedEntry): TarEntry {
  const { type, mode, size = 0 } = listed;
  return {
    type: FLAGS[type],
    path: latin1(listed.path, listed.path_base64),
    target: latin1(listed.target, listed.target_base64),
    size,
    mode: Number.parseInt(mode, 8),
  };
}

/** What an entry is told from the others by. Pure. */
export function entryKey({ path, path_base64 }: ListedEntry): string {
  return path ?? `base64:${path_base64}`;
}

/** The entries of a list, as it stands in a manifest. Pure. */
export function entriesIn(list: Buffer | string): ListedEntry[] {
  return ListedEntry.array().parse(JSON.parse(`[${list}]`));
}

/** The digest of an artifact with these entries: the sha256 of their list. Pure. */
export function digestOf(entries: ListedEntry[]): string {
  const hash = createHash('sha256');
  for (const [index, entry] of entries.entries()) hash.update(lineOf(entry, index === 0));
  return hash.digest('hex');
}

/** A file with a list, an entry a line. It is written at once, in a process that does nothing else: it holds little of it. */
export class Listing {
  readonly #file: number;
  readonly #hash = createHash('sha256');
  #waiting = '';
  #isFirst = true;

  /** Makes the file, which must not be there. */
  constructor(path: string) {
    this.#file = openSync(path, 'wx');
  }

  add(entry: ListedEntry): void {
    this.#waiting += lineOf(entry, this.#isFirst);
    this.#isFirst = false;
    if (this.#waiting.length >= CHUNK_LETTERS) this.#pass();
  }

  /** Returns the sha256 of the list. */
  close(): string {
    this.#pass();
    closeSync(this.#file);
    return this.#hash.digest('hex');
  }

  #pass(): void {
    const all = Buffer.from(this.#waiting);
    this.#hash.update(all);
    for (let bytes = all; bytes.length > 0; ) bytes = bytes.subarray(writeSync(this.#file, bytes));
    this.#waiting = '';
  }
}

function lineOf(entry: ListedEntry, isFirst: boolean): string {
  return `${isFirst ? '' : ',\n'}    ${JSON.stringify(entry)}`;
}

function latin1(text: string | undefined, base64 = ''): string {
  if (text !== undefined && isAscii(text)) return text;
  return Buffer.from(text ?? base64, text === undefined ? 'base64' : 'utf8').toString('latin1');
}

function nameAs<Name extends 'path' | 'target'>(name: Name, latin1: string): Partial<ListedEntry> {
  if (isAscii(latin1)) return { [name]: latin1 };
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(latin1) ? { [name]: bytes.toString() } : { [`${name}_base64`]: bytes.toString('base64') };
}
