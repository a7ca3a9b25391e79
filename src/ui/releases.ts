// Draws what a project has served. Pure.
import type { ListedRelease } from '../releases/list.js';
import { drawTable, showTime } from './table.js';

/** Releases, one line each, under a heading. */
export function drawReleases(releases: ListedRelease[]): string[] {
  const rows = releases.map(({ target, place, deployment, branch, releasedAt, releasedBy = '', ...one }) => [
    ...[target, place, deployment, branch],
    ...[releasedAt === undefined ? '' : showTime(releasedAt), releasedBy, stateOf(one)],
  ]);
  return drawTable([['TARGET', 'PLACE', 'DEPLOYMENT', 'BRANCH', 'SINCE', 'BY', 'STATE'], ...rows]);
}

function stateOf({ state, pinnedBy }: Pick<ListedRelease, 'state' | 'pinnedBy'>): string {
  return pinnedBy === undefined ? state : `${state}, pinned by ${pinnedBy}`;
}
