// Draws the box: what runs, what waits and at which place, what ended last. Pure.
import { visible } from '../job/printable.js';
import { showDuration } from '../job/quantity.js';
import { durationOf, type JobRecord } from '../job/record.js';
import type { Box } from '../store/box.js';
import { cutTo } from './cells.js';
import { type Column, drawColumns } from './columns.js';
import { FRAME_MS, FRAMES } from './draw-step.js';
import type { Paint } from './paint.js';
import { showStatus } from './status.js';
import { showAge, showRunning } from './words.js';

export interface BoxView {
  columns: number;
  /** Lines that there is room for. */
  rows: number;
  now: number;
  paint: Paint;
  /** Whether it has the deployments of all users. */
  isOfAll: boolean;
}

/** Lines that are no deployments: the heading, and those of the three parts. */
const HEADINGS = 4;
/** Of each part, so many lines are seen in any case: one, and how many there are besides. */
const LEAST = 2;

/** The whole screen of `koalaci watch`. */
export function drawBox({ building, queued, ended }: Box, view: BoxView): string[] {
  const { paint, columns } = view;
  const room = Math.max(3 * LEAST, view.rows - HEADINGS);
  // What runs is seen first, then what waits.
  const [running, waiting, done] = shares(room, [building.length, queued.length, ended.length]);
  const parts = [
    part(
      'BUILDING',
      building.map((one) => runningRow(one, view)),
      running,
    ),
    part(
      'QUEUED',
      queued.map((one) => queuedRow(one, view)),
      waiting,
    ),
    part(
      'ENDED',
      ended.map((one) => endedRow(one, view)),
      done,
    ),
  ];
  const drawn = drawColumns(
    parts.flatMap(({ rows }) => rows),
    COLUMNS,
    columns,
  );
  const lines = parts.flatMap(({ name, rows, left }) => {
    if (rows.length === 0) return [];
    const more = left > 0 ? [paint.dim(`    … ${left} more`)] : [];
    return [paint.dim(name), ...drawn.splice(0, rows.length), ...more];
  });
  const heading = `${paint.bold('koalaci')}  ${building.length} building, ${queued.length} queued`;
  return [heading, ...lines].map((line) => cutTo(columns, line));
}

/** How many lines each part gets: the first ones as many as they need, if the others have their least. */
function shares(room: number, [running, waiting, done]: [number, number, number]): [number, number, number] {
  const least = (count: number) => Math.min(LEAST, count);
  const first = Math.min(running, room - least(waiting) - least(done));
  const second = Math.min(waiting, Math.max(least(waiting), Math.ceil((room - first) / 2)));
  return [first, second, Math.min(done, room - first - second)];
}

interface Part {
  name: string;
  rows: string[][];
  /** How many there are besides. */
  left: number;
}

function part(name: string, rows: string[][], most: number): Part {
  const shown = rows.length > most ? rows.slice(0, most - 1) : rows;
  return { name, rows: shown, left: rows.length - shown.length };
}

/** A mark, what it is, whose it is if that is to be seen, where it is, how long, and more. */
const COLUMNS: Column[] = [{}, { shrinks: true }, { shrinks: true }, { shrinks: true }, { right: true }, {}];

function namesOf(record: JobRecord, { isOfAll }: BoxView): string[] {
  const project = `${isOfAll ? `${record.user}/` : ''}${record.project}`;
  return [record.deployment, project, record.branch].map(visible);
}

function runningRow(record: Box['building'][number], view: BoxView): string[] {
  const { now, paint } = view;
  const step = record.steps?.at(-1);
  const frame = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length] ?? '';
  const inStep = step ? `${step.step} ${showRunning((step.endedAt ?? now) - step.startedAt)}` : 'starts';
  return [paint.cyan(frame), ...namesOf(record, view), showRunning(now - record.startedAt), inStep];
}

function queuedRow(record: Box['queued'][number], view: BoxView): string[] {
  const waits = showAge(view.now - record.createdAt);
  const { place } = record;
  return [
    place === undefined ? '…' : `${place}.`,
    ...namesOf(record, view),
    waits,
    visible(record.waitsFor ?? ''),
  ];
}

function endedRow(record: Box['ended'][number], view: BoxView): string[] {
  const { paint, now } = view;
  const mark =
    record.status === 'READY'
      ? paint.green('✔')
      : record.status === 'ERROR'
        ? paint.red('✖')
        : paint.yellow('–');
  const how = `${showStatus(record, paint)}, ${showAge(now - record.endedAt)} ago`;
  return [mark, ...namesOf(record, view), showDuration(durationOf(record, record.endedAt)), how];
}
