// Draws artifacts: lists of them, and what differs in one. Pure.
import type { Difference, Source } from '../archives/differences.js';
import type { ListedArtifact } from '../archives/list.js';
import type { Pruned } from '../archives/prune.js';
import { visible } from '../job/printable.js';
import { showBytes } from '../job/quantity.js';
import { drawTable, showTime } from './table.js';

const HEADING = ['DEPLOYMENT', 'PROJECT', 'BRANCH', 'BUILT'];

/** Artifacts, one line each, under a heading. */
export function drawArtifacts(artifacts: ListedArtifact[]): string[] {
  const rows = artifacts.map(({ files, archiveBytes, place, recorded, ...one }) => [
    ...namesOf(one),
    files === undefined ? '' : String(files),
    archiveBytes === undefined ? '' : showBytes(archiveBytes),
    `${place.replace('_', ' ')}${recorded ? '' : ', no record'}`,
  ]);
  return drawTable([[...HEADING, 'FILES', 'SIZE', 'WHERE'], ...rows]);
}

/** Artifacts that go, one line each, under a heading. */
export function drawPruned(pruned: Pruned[]): string[] {
  const rows = pruned.map(({ archive, why }) => [...namesOf(archive), showBytes(archive.bytes), why]);
  return drawTable([[...HEADING, 'SIZE', 'WHY'], ...rows]);
}

const SOURCES: Source[] = ['archive', 'manifest', 'record', 'store'];

/** What differs in an artifact, one line each. */
export function drawDifferences(differences: Difference[]): string[] {
  return differences.map(({ path, what, ...said }) => {
    const values = SOURCES.flatMap((source) => {
      const value = said[source];
      return value === undefined ? [] : [`${value} in the ${source}`];
    });
    return visible(`${path === undefined ? '' : `${path}: `}${what}: ${values.join(', ')}`);
  });
}

function namesOf({
  deployment,
  project,
  branch = '',
  builtAt,
}: {
  deployment: string;
  project: string;
  branch?: string | undefined;
  builtAt: number;
}): string[] {
  return [deployment, project, branch, showTime(builtAt)];
}
