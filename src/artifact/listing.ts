// The list of what is in an archive: each entry as it stands in the manifest, with the sha256 of its content.
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import * as z from 'zod';
import { isUtf8, modeOf } from './tar-header.js';
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
const CHUNK_LETTERS = 64 * 1024;

/** An entry of an archive as its manifest lists it. `sha256` is that of a file's content. Pure. */
export function listedEntry(entry: TarEntry, sha256: string): ListedEntry {
  const { type: flag, path, target, size } = entry;
  const type = TYPES[flag] ?? 'file';
  return {
    ...nameAs('path', path),
    type,
    mode: modeOf(entry).toString(8),
    ...(type === 'file' ? { size, sha256 } : {}),
    ...(target === '' ? {} : nameAs('target', target)),
  };
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
    this.#waiting += `${this.#isFirst ? '' : ',\n'}    ${JSON.stringify(entry)}`;
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

function nameAs<Name extends 'path' | 'target'>(name: Name, latin1: string): Partial<ListedEntry> {
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(latin1) ? { [name]: bytes.toString() } : { [`${name}_base64`]: bytes.toString('base64') };
}
