// Reads the list of entries in a manifest line by line: it may be large, and its names are a stranger's.
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { ListedEntry } from './listing.js';
import { LIST_BEGINS } from './manifest.js';

/** The line before the first entry. */
const BEGINS = LIST_BEGINS.split('\n').at(-2);

/** The entries that a manifest lists, in the order of the archive. None if an earlier version wrote it. */
export function listedEntries(manifest: string): AsyncGenerator<ListedEntry> {
  return entriesOf(createReadStream(manifest));
}

/** The same of a manifest that somebody has opened. */
export async function* entriesOf(manifest: Readable): AsyncGenerator<ListedEntry> {
  for await (const line of linesOfList(manifest)) yield entryIn(line);
}

/**
 * Those of these paths that are entries. Only what is asked for is held in memory.
 * @throws the errors of the file system
 */
export async function entriesAt(manifest: string, paths: string[]): Promise<Map<string, ListedEntry>> {
  const wanted = new Map(paths.map((path) => [JSON.stringify(path), path]));
  const found = new Map<string, ListedEntry>();
  for await (const line of linesOfList(createReadStream(manifest))) {
    const path = wanted.get(pathIn(line));
    if (path !== undefined) found.set(path, entryIn(line));
    if (found.size === wanted.size) break;
  }
  return found;
}

async function* linesOfList(manifest: Readable): AsyncGenerator<string> {
  let isInside = false;
  for await (const line of linesIn(manifest)) {
    if (isInside && line.startsWith('  ]')) return;
    if (isInside) yield line;
    else isInside = line === BEGINS;
  }
}

async function* linesIn(manifest: Readable): AsyncGenerator<string> {
  let begun = '';
  for await (const piece of manifest.setEncoding('utf8')) {
    const lines = (begun + piece).split('\n');
    begun = lines.pop() ?? '';
    yield* lines;
  }
}

/** The path of an entry as JSON has it, which stands first in its line; empty where it is not UTF-8. */
function pathIn(line: string): string {
  const start = line.indexOf('{"path":');
  // Within a name, each quote comes after a backslash.
  const end = line.indexOf('","type":"');
  return start === -1 || end === -1 ? '' : line.slice(start + '{"path":'.length, end + 1);
}

/** The entry in a line of a list. Pure. */
export function entryIn(line: string): ListedEntry {
  return ListedEntry.parse(JSON.parse(line.replace(/,$/, '')));
}
