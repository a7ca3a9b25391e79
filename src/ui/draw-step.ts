// Draws the steps of a build: those that have ended, the one that runs, and its last output. Pure.
import { visible } from '../job/printable.js';
import { showDuration } from '../job/quantity.js';
import type { BuildEvent } from '../runner/events.js';
import { cutTo } from './cells.js';
import type { Paint } from './paint.js';
import { showRunning } from './words.js';

export const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Milliseconds that a frame is seen. */
export const FRAME_MS = 100;
/** Before each line of a build's output, so that it cannot be taken for koalaci's own. */
export const GUTTER = '  │ ';
const NAME_CELLS = 9;
const TIME_CELLS = 8;

type StepEnded = Extract<BuildEvent, { type: 'step_ended' }>;

/** `✔ install      5.1 s  npm ci` */
export function drawEnded(
  { step, ok, skipped, ms, note }: StepEnded,
  paint: Paint,
  columns = Number.POSITIVE_INFINITY,
): string {
  const mark = skipped ? paint.dim('–') : ok ? paint.green('✔') : paint.red('✖');
  const time = skipped ? 'skipped' : showDuration(ms);
  const head = `${mark} ${step.padEnd(NAME_CELLS)} ${time.padStart(TIME_CELLS)}`;
  return cutTo(columns, note ? `${head}  ${paint.dim(visible(note))}` : head);
}

/** What goes on now. */
export interface Running {
  /** The step's name, or what else is done. */
  name: string;
  since: number;
  why?: string;
}

/** `⠹ build        3.2s  3 files changed, src/App.tsx first` */
export function drawRunning(
  { name, since, why }: Running,
  at: { now: number; columns: number; paint: Paint },
): string {
  const { now, columns, paint } = at;
  const frame = FRAMES[Math.floor(now / FRAME_MS) % FRAMES.length] ?? '';
  const time = showRunning(now - since).padStart(TIME_CELLS);
  const head = `${paint.cyan(frame)} ${paint.bold(name.padEnd(NAME_CELLS))} ${time}`;
  return cutTo(columns, why ? `${head}  ${paint.dim(visible(why))}` : head);
}

/** Lines of output in their gutter, cut at the edge. */
export function drawOutput(
  lines: readonly string[],
  { columns, paint }: { columns: number; paint: Paint },
): string[] {
  return lines.map((line) => paint.dim(GUTTER) + cutTo(Math.max(1, columns - GUTTER.length), line));
}
