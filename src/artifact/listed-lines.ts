// Reads some lines of a list of entries, synchronously: for the process that packs, which has just written it and does nothing else.
import { closeSync, openSync, readSync } from 'node:fs';
import type { ListedEntry } from './listing.js';
import { entryIn } from './read-listing.js';

const PIECE_BYTES = 64 * 1024;

/** The entries in these lines of a list, counted from 0, in their order. */
export function* listedAt(list: string, lines: readonly number[]): Generator<ListedEntry> {
  let next = 0;
  let at = 0;
  for (const line of linesOf(list)) {
    if (next === lines.length) return;
    if (lines[next] !== at++) continue;
    next++;
    yield entryIn(line);
  }
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let cut = '';
    for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) {
      // A byte of UTF-8 is a letter here, until the line is whole.
      const lines = (cut + piece.toString('latin1', 0, count)).split('\n');
      cut = lines.pop() ?? '';
      for (const line of lines) yield Buffer.from(line, 'latin1').toString();
    }
    if (cut !== '') yield Buffer.from(cut, 'latin1').toString();
  } finally {
    closeSync(file);
  }
}
