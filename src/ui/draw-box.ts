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

/** The whole screen of `koalaci watch`. */
export function drawBox(box: Box, view: BoxView): string[] {
  const { building, queued, ended } = box;
  const { paint, columns } = view;
  const room = Math.max(3, view.rows - HEADINGS);
  // What runs is seen first, then what waits; at least a line is left for each of the others.
  const running = Math.min(building.length, Math.max(1, room - 2));
  const waiting = Math.min(queued.length, Math.max(1, Math.ceil((room - running) / 2)));
  const done = Math.max(1, room - running - waiting);
  const heading = `${paint.bold('koalaci')}  ${building.length} building, ${queued.length} queued`;
  const lines = [
    heading,
    ...part(
      'BUILDING',
      building.map((one) => runningRow(one, view)),
      running,
      view,
    ),
    ...part(
      'QUEUED',
      queued.map((one) => queuedRow(one, view)),
      waiting,
      view,
    ),
    ...part(
      'ENDED',
      ended.map((one) => endedRow(one, view)),
      done,
      view,
    ),
  ];
  return lines.map((line) => cutTo(columns, line));
}

function part(name: string, rows: string[][], most: number, view: BoxView): string[] {
  if (rows.length === 0) return [];
  const isCut = rows.length > most;
  const shown = isCut ? rows.slice(0, Math.max(1, most - 1)) : rows;
  const left = rows.length - shown.length;
  const lines = drawColumns(shown, COLUMNS, view.columns);
  return [view.paint.dim(name), ...lines, ...(left > 0 ? [view.paint.dim(`  … ${left} more`)] : [])];
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

function queuedRow({ place, record }: Box['queued'][number], view: BoxView): string[] {
  const waits = showAge(view.now - record.createdAt);
  return [`${place}.`, ...namesOf(record, view), waits, visible(record.waitsFor ?? '')];
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
