// Searches what is shipped and did not come, since the store has it: for what it was not searched for before.
import { closeSync, openSync, readSync } from 'node:fs';
import { listedAt } from './listed-lines.js';
import { tarEntryOf } from './listing.js';
import { objectPathOf } from './objects.js';
import { type Finding, SecretSearch } from './secret-search.js';

export interface StoredContents {
  /** The list of entries; and the lines of those that were searched for the same values before, and of the others. */
  list: string;
  lines: { searched: readonly number[]; others: readonly number[] };
  /** The objects of its user. */
  directory: string;
  /** The values. */
  secrets: readonly string[];
  /** The places of those that were found in what was searched before: only these can be in it. */
  expected: ReadonlySet<number>;
}

const PIECE_BYTES = 1024 ** 2;

/** What is found in all: `search` has seen what came. */
export function searchStored(search: SecretSearch, stored: StoredContents): Finding[] {
  searchLines(search, stored, stored.lines.others);
  const known = new Set(search.findings.map(({ secret }) => secret));
  const missing = [...stored.expected].filter((place) => !known.has(place));
  if (missing.length === 0) return search.findings;
  const again = new SecretSearch(missing.map((place) => stored.secrets[place] ?? ''));
  searchLines(again, stored, stored.lines.searched);
  return [
    ...search.findings,
    ...again.findings.map((one) => ({ ...one, secret: missing[one.secret] ?? one.secret })),
  ];
}

function searchLines(
  search: SecretSearch,
  { list, directory }: StoredContents,
  lines: readonly number[],
): void {
  const pathOf = objectPathOf(directory);
  const piece = Buffer.alloc(PIECE_BYTES);
  for (const entry of listedAt(list, lines)) {
    if (search.isDone) return;
    search.entry(tarEntryOf(entry));
    const file = openSync(pathOf(entry), 'r');
    try {
      for (let count = readSync(file, piece); count > 0; count = readSync(file, piece))
        search.data(Buffer.from(piece.subarray(0, count)));
    } finally {
      closeSync(file);
    }
  }
}
