// Draws artifacts: lists of them, and what differs in one. Pure.
import type { Difference, Source } from '../archives/differences.js';
import type { ListedArtifact } from '../archives/list.js';
import type { Pruned } from '../archives/prune.js';
import { visible } from '../job/printable.js';
import { showBytes } from '../job/quantity.js';
import { type Column, drawColumns } from './columns.js';
import { showTime } from './table.js';

const HEADING = ['DEPLOYMENT', 'PROJECT', 'BRANCH', 'BUILT'];
/** So many columns at the left are names. */
const NAMES = 3;

/** Artifacts, one line each, under a heading. Where lines have a width, names are shortened. */
export function drawArtifacts(artifacts: ListedArtifact[], columns: number): string[] {
  const rows = artifacts.map(({ files, archiveBytes, place, recorded, ...one }) => [
    ...namesOf(one),
    files === undefined ? '' : String(files),
    archiveBytes === undefined ? '' : showBytes(archiveBytes),
    `${place.replace('_', ' ')}${recorded ? '' : ', no record'}`,
  ]);
  return drawNamed([[...HEADING, 'FILES', 'SIZE', 'WHERE'], ...rows], columns);
}

/** Artifacts that go, likewise. */
export function drawPruned(pruned: Pruned[], columns: number): string[] {
  const rows = pruned.map(({ archive, why }) => [...namesOf(archive), showBytes(archive.bytes), why]);
  return drawNamed([[...HEADING, 'SIZE', 'WHY'], ...rows], columns);
}

function drawNamed(rows: string[][], columns: number): string[] {
  const shapes: Column[] = (rows[0] ?? []).map((_, at) => (at < NAMES ? { shrinks: true } : {}));
  return drawColumns(
    rows.map((row) => row.map(visible)),
    shapes,
    columns,
  );
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
