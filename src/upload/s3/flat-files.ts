// The files of a release as an object store has them: keys with content, and neither directories nor links. Pure.
import { posix } from 'node:path';
import { inner } from '../../artifact/entries.js';
import type { ListedEntry } from '../../artifact/listing.js';
import { KoalaError } from '../../job/errors.js';
import { visible } from '../../job/printable.js';

/** A file, under the path by which it is asked for. */
export interface FlatFile {
  path: string;
  sha256: string;
  size: number;
  /** Where the content is. */
  entry: ListedEntry;
}

/** As many links does a path lead through at most, as on Linux. */
const MOST_HOPS = 40;
/** As much may links to directories add: directories that link to each other would have no end. */
const MOST_ADDED = 10_000;

/**
 * All files. A link is the file that it leads to, or all files of that directory; what leads nowhere is left out, with a line
 * to `say`.
 * @throws KoalaError `environment` for a name that is not UTF-8, which a key has to be, and where links have no end
 */
export function flatFiles(entries: readonly ListedEntry[], say: (line: string) => void): FlatFile[] {
  const tree = new Tree(entries);
  const files: FlatFile[] = [];
  let met = 0;
  const add = (at: string, directory: string, chain: readonly string[]): void => {
    for (const name of tree.namesIn(directory)) {
      met += 1;
      if (met > entries.length + MOST_ADDED) throw tooMany();
      const path = posix.join(at, name);
      const found = tree.follow(posix.join(directory, name));
      if (!found) say(`${visible(path)} is left out: the link leads to nothing`);
      else if (found.entry?.type === 'file') files.push(fileOf(path, found.entry));
      else if (chain.includes(found.path)) say(`${visible(path)} is left out: the link leads to itself`);
      else add(path, found.path, [...chain, found.path]);
    }
  };
  add('', '', ['']);
  return files;
}

class Tree {
  readonly #entries = new Map<string, ListedEntry>();
  /** The names in each directory. */
  readonly #names = new Map<string, string[]>();

  constructor(entries: readonly ListedEntry[]) {
    for (const entry of entries) {
      const path = textOf(entry, 'path');
      this.#entries.set(path, entry);
      const above = path.includes('/') ? posix.dirname(path) : '';
      const names = this.#names.get(above);
      if (names) names.push(posix.basename(path));
      else this.#names.set(above, [posix.basename(path)]);
    }
  }

  namesIn(directory: string): readonly string[] {
    return this.#names.get(directory) ?? [];
  }

  /** What a path leads to: its path without links, and its entry unless it is the whole. */
  follow(path: string, hops = 0): { path: string; entry: ListedEntry | undefined } | undefined {
    const known = this.#entries.get(path);
    if (known && known.type !== 'link' && known.type !== 'hard_link') return { path, entry: known };
    if (hops > MOST_HOPS) return undefined;
    let at = '';
    const parts = inner(path).split('/').filter(Boolean);
    for (const [index, part] of parts.entries()) {
      const next = posix.join(at, part);
      if (next === '..' || next.startsWith('../')) return undefined;
      const entry = this.#entries.get(next);
      const target = entry && targetOf(entry, at);
      if (target !== undefined) return this.follow([target, ...parts.slice(index + 1)].join('/'), hops + 1);
      if (!entry && next !== '.') return undefined;
      at = next === '.' ? '' : next;
    }
    return { path: at, entry: this.#entries.get(at) };
  }
}

/** Where a link leads, from the top. A hard link names that itself. */
function targetOf(entry: ListedEntry, directory: string): string | undefined {
  if (entry.type === 'link') return posix.join(directory, textOf(entry, 'target'));
  return entry.type === 'hard_link' ? textOf(entry, 'target') : undefined;
}

function fileOf(path: string, entry: ListedEntry): FlatFile {
  return { path, sha256: entry.sha256 ?? '', size: entry.size ?? 0, entry };
}

function textOf(entry: ListedEntry, name: 'path' | 'target'): string {
  const text = entry[name];
  if (text !== undefined) return text;
  const bytes = Buffer.from(entry[`${name}_base64`] ?? '', 'base64');
  throw new KoalaError('environment', `the name ${visible(bytes.toString('latin1'))} is not UTF-8`, {
    remedy: 'Give the file another name: object stores take none but UTF-8.',
  });
}

function tooMany(): KoalaError {
  return new KoalaError('environment', `its links to directories would add over ${MOST_ADDED} files to it`, {
    remedy: 'Leave out links that lead to directories with such links.',
  });
}
