// Compares the lists of what two artifacts hold. Pure.
import { entriesIn, entryKey } from '../artifact/listing.js';

/** As many paths are named. */
const SHOWN = 3;

/** The paths of which two lists do not say the same, in words: `index.html, a.js and 3 more`. */
export function differingPaths(one: Buffer, other: Buffer): string {
  const [before, after] = [linesIn(one), linesIn(other)];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const differing = paths.filter((path) => before.get(path) !== after.get(path));
  const more = differing.length - SHOWN;
  return `${differing.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The line of each path; see Listing. */
function linesIn(list: Buffer): Map<string, string> {
  return new Map(entriesIn(list).map((entry) => [entryKey(entry), JSON.stringify(entry)] as const));
}

/** What a comparison says of reuse. */
export type Finding = 'same' | 'wrong' | 'right' | 'not_comparable';

/**
 * Judges a build that could have been reused by its list, the one of the build that was made instead, and that of a second one, from
 * nothing: if the first two differ, only that tells which of them is not what a build of the job ships.
 */
export function judge(reused: Buffer, built: Buffer, again: Buffer | undefined): Finding {
  if (reused.equals(built)) return 'same';
  if (again?.equals(built)) return 'wrong';
  return again?.equals(reused) ? 'right' : 'not_comparable';
}
