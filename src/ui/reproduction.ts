// Draws what differs between an artifact and the same one built once more. Pure.
import type { Difference } from '../archives/differences.js';
import { visible } from '../job/printable.js';

/** A line for each file: the archive is what was built once more, the manifest what was shipped. */
export function drawReproduction(differences: Difference[]): string[] {
  const files = new Map<string, string[]>();
  for (const { path = '', what, manifest } of differences) {
    const how =
      what !== 'entry'
        ? what
        : manifest === 'missing'
          ? 'only in what was built now'
          : 'only in what was shipped';
    files.set(path, [...(files.get(path) ?? []), how]);
  }
  return [...files].map(([path, hows]) => visible(`  ${path}: ${hows.join(', ')}`));
}
