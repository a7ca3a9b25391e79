// Checks the entries of a release once more before they become names on a disk: a manifest is a file, which somebody may have changed.
// Pure.
import { Entries, inner } from '../../artifact/entries.js';
import { type ListedEntry, tarEntryOf } from '../../artifact/listing.js';
import { KoalaError } from '../../job/errors.js';
import type { Release } from '../target.js';

export interface CheckedEntry {
  entry: ListedEntry;
  /** Relative to the release. Names are bytes: a character for each (latin1), as is a link's target. */
  path: string;
  target: string;
}

/**
 * The entries of a release, in an order in which they can be made: links last.
 * @throws KoalaError `conflict` when one of them leads out of the release, or cannot be made
 */
export function checkedEntries({
  deployment,
  entries,
}: Pick<Release, 'deployment' | 'entries'>): CheckedEntry[] {
  const names = new Entries();
  const all = entries.map((entry) => ({ ...tarEntryOf(entry), entry }));
  const refuse = (path: string, why: string) => {
    throw new KoalaError(
      'conflict',
      `the artifact of deployment ${deployment} cannot be released: ${path}: ${why}`,
      {
        remedy: `"koalaci artifacts verify ${deployment}" says what differs from what was shipped.`,
      },
    );
  };
  for (const one of all) {
    const { path } = one;
    if (path !== inner(path)) refuse(path, 'a name that is not in its shortest form');
    const { why } = names.admit(one);
    if (why !== undefined) refuse(path, why || 'not what is shipped');
  }
  const [links, others] = [all.filter(isLink), all.filter((one) => !isLink(one))];
  for (const { path } of links) {
    const why = names.whyLinkLeftOut(path);
    if (why) refuse(path, why);
  }
  return [...others, ...links];
}

function isLink({ entry }: CheckedEntry): boolean {
  return entry.type === 'link';
}
