// Draws the list of snapshots, one line each, under a heading. Pure.
import { showBytes } from '../job/quantity.js';
import type { StoredSnapshot } from '../snapshot/prune.js';
import { drawTable, showTime } from './table.js';

export function drawCache(entries: StoredSnapshot[]): string[] {
  const rows = entries.map(({ project, repository, branch, bytes, usedAt, hits }) => [
    project,
    repository,
    branch,
    showBytes(bytes),
    showTime(usedAt),
    String(hits),
  ]);
  return drawTable([['PROJECT', 'REPOSITORY', 'BRANCH', 'SIZE', 'LAST USED', 'HITS'], ...rows]);
}
