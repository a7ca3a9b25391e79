// Compares what archive, manifest and record say of an artifact. Pure.
import { entryKey, type ListedEntry } from '../artifact/listing.js';

/** What is compared. */
export type Source = 'archive' | 'manifest' | 'record' | 'store';

/** Something of which they say different things; who says nothing of it is left out. */
export type Difference = {
  /** Of which entry of the archive; undefined for the archive itself. */
  path?: string;
  what: string;
} & Partial<Record<Source, string>>;

/** What one of them says. */
export type Facts = Record<string, string | number | undefined>;

/** The facts of which not all say the same, of those who say something. */
export function differences(said: Partial<Record<Source, Facts>>, path?: string): Difference[] {
  const sources = Object.entries(said) as [Source, Facts][];
  const names = new Set(sources.flatMap(([, facts]) => Object.keys(facts)));
  return [...names].flatMap((what) => {
    const values = sources.flatMap(([source, { [what]: value }]) =>
      value === undefined ? [] : [[source, String(value)] as const],
    );
    if (new Set(values.map(([, value]) => value)).size < 2) return [];
    return [{ ...(path === undefined ? {} : { path }), what, ...Object.fromEntries(values) }];
  });
}

/** The entries that are not the same in archive and manifest, in the order of the archive. */
export function entryDifferences(archive: ListedEntry[], manifest: ListedEntry[]): Difference[] {
  const listed = new Map(manifest.map((entry) => [entryKey(entry), entry]));
  const found = new Set<string>();
  const changed = archive.flatMap((entry) => {
    const key = entryKey(entry);
    const isSecond = found.has(key);
    found.add(key);
    const before = isSecond ? undefined : listed.get(key);
    return before
      ? differences({ archive: factsOf(entry), manifest: factsOf(before) }, key)
      : [isOnly('archive', key)];
  });
  const missing = manifest.map(entryKey).filter((key) => !found.has(key));
  return [...changed, ...missing.map((key) => isOnly('manifest', key))];
}

function isOnly(source: 'archive' | 'manifest', path: string): Difference {
  const other = source === 'archive' ? 'manifest' : 'archive';
  return { path, what: 'entry', [source]: 'there', [other]: 'missing' } as Difference;
}

function factsOf({ type, mode, size, sha256, target, target_base64 }: ListedEntry): Facts {
  return { type, mode, size, sha256, target: target ?? target_base64 };
}
