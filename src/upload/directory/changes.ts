// What differs between two releases, by the lists in their manifests: of what both have, nothing is read. Pure.
import { entryIn } from '../../artifact/read-listing.js';
import type { Release } from '../target.js';
import { type CheckedEntry, checkedEntries } from './checked.js';

/** The files that one has and the other has not; one that has changed is in both. */
export interface Changes {
  gone: CheckedEntry[];
  come: CheckedEntry[];
}

type Listed = Pick<Release, 'deployment' | 'list'>;

/** In a name, each quote comes after a backslash. */
const DIRECTORY = '"type":"directory"';
/** Says nothing of its content, which may change with another's. */
const HARD_LINK = '"type":"hard_link"';
/** Where more than this part of a list differs, it is less work to make the whole. */
const MOST_CHANGED = 1 / 4;

/**
 * What to do to have the second of two releases where there is the first. Undefined when that is much, or more than files.
 * @throws KoalaError `conflict` when one of the files leads out of the release, or cannot be made
 */
export function changesBetween(before: Listed, after: Listed): Changes | undefined {
  if (before.list.includes(HARD_LINK) || after.list.includes(HARD_LINK)) return undefined;
  const [old, now] = [linesOf(before), linesOf(after)];
  const [gone, come] = [without(old, now), without(now, old)];
  if (gone.length + come.length > now.length * MOST_CHANGED) return undefined;
  const changed = [...gone, ...come].map(entryIn);
  if (changed.some(({ type }) => type !== 'file')) return undefined;
  // The directories are those of both: what is in them is checked beside them.
  const directories = now.filter((line) => line.includes(DIRECTORY)).map(entryIn);
  const checked = ({ deployment }: Listed, lines: readonly string[]) =>
    checkedEntries({ deployment, entries: [...directories, ...lines.map(entryIn)] }).filter(
      ({ entry }) => entry.type === 'file',
    );
  return { gone: checked(before, gone), come: checked(after, come) };
}

function linesOf({ list }: Listed): string[] {
  return list.split(',\n');
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}
