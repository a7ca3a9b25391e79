// Draws the list of snapshots, one line each, under a heading: where lines have a width, names are shortened. Pure.
import { visible } from '../job/printable.js';
import { showBytes } from '../job/quantity.js';
import type { StoredSnapshot } from '../snapshot/prune.js';
import { drawColumns } from './columns.js';
import { showTime } from './table.js';

export function drawCache(entries: StoredSnapshot[], columns: number): string[] {
  const rows = entries.map(({ project, repository, branch, bytes, usedAt, hits }) => [
    visible(project),
    visible(repository),
    visible(branch),
    showBytes(bytes),
    showTime(usedAt),
    String(hits),
  ]);
  const heading = ['PROJECT', 'REPOSITORY', 'BRANCH', 'SIZE', 'LAST USED', 'HITS'];
  const name = { shrinks: true };
  return drawColumns([heading, ...rows], [name, name, name, {}, {}, {}], columns);
}
