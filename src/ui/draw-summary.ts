// Draws how a build ended: its steps as bars, what was shipped, and how it compares with those before. Pure.
import type { BuildFacts } from '../job/build-facts.js';
import { describeEnding } from '../job/ending.js';
import { visible } from '../job/printable.js';
import { showBytes, showDuration, showFiles } from '../job/quantity.js';
import { durationOf, type JobRecord, type RecordFields } from '../job/record.js';
import type { BuildEvent } from '../runner/events.js';
import { shortenTo, widthOf, wrapTo } from './cells.js';
import type { Paint } from './paint.js';
import { whereIs } from './records.js';
import { showReused } from './reused.js';
import { compareTimes } from './words.js';

type Ended = Extract<BuildEvent, { type: 'ended' }>;

export interface SummaryView {
  paint: Paint;
  columns: number;
  now: number;
}

const NAME_CELLS = 10;
const BAR_CELLS = 48;
const BAR = '━';
/** Lines of the log, and commands. */
const AS_IT_IS = /^(│|The whole log: )/;

/** How a build ended. */
export function drawEnding({ ending, record, recorded }: Ended, view: SummaryView): string[] {
  const { paint } = view;
  const isReady = record.status === 'READY';
  const took = `in ${showDuration(durationOf(record, view.now))}`;
  const colour = 'reason' in ending && ending.reason === 'skipped' ? paint.yellow : paint.red;
  const why = describeEnding(ending, record.deployment).map(visible);
  const reused = showReused(record, view.now);
  return [
    ...(isReady ? [`${paint.bold(paint.green('READY'))} ${took}`] : []),
    ...drawBars(record, view),
    ...(reused ? [fact('reused', reused, paint)] : []),
    ...(isReady ? drawShipped(record, view) : []),
    ...why.flatMap((line, index) =>
      said(line, index === 0, view).map((part) => (index === 0 ? paint.bold(colour(part)) : part)),
    ),
    ...(recorded ? [] : drawUnrecorded(paint)),
  ];
}

/** A line about the ending: broken at spaces, but for what somebody may want to copy. */
function said(line: string, isFirst: boolean, { columns }: SummaryView): string[] {
  if (AS_IT_IS.test(line)) return [`  ${line}`];
  return wrapTo(columns - 2, line).map((part, at) => (isFirst && at === 0 ? part : `  ${part}`));
}

/** In two lines where one is too narrow, so that the path can be copied. */
function drawShipped(
  { artifact, deployment }: Extract<JobRecord, { status: 'READY' }>,
  { paint, columns }: SummaryView,
): string[] {
  const { files, bytes, archiveBytes } = artifact;
  const packed = archiveBytes === undefined ? '' : `, ${showBytes(archiveBytes)} packed`;
  const size = `${showFiles(files)}, ${showBytes(bytes)} unpacked${packed}`;
  const path = fact('artifact', visible(whereIs(artifact, deployment)), paint);
  const line = `${path} (${size})`;
  return widthOf(line) <= columns ? [line] : [path, fact('', size, paint)];
}

function drawUnrecorded(paint: Paint): string[] {
  return [
    paint.yellow('koalaci: Redis went away and did not come back: this build is not recorded'),
    '  Its output is above; "koalaci logs" and "koalaci status" cannot show how it ended.',
  ];
}

/** The steps of a build, each with a bar where it stands in the whole. */
export function drawBars(
  { steps = [], endedAt }: Readonly<RecordFields>,
  { paint, columns, now }: SummaryView,
): string[] {
  const from = steps[0]?.startedAt ?? 0;
  const until = Math.max(...steps.map(({ endedAt: end }) => end ?? endedAt ?? now), from + 1);
  const cells = Math.max(8, Math.min(BAR_CELLS, columns - NAME_CELLS - 14));
  const scale = (ms: number) => Math.round(((ms - from) / (until - from)) * cells);
  return steps.map((step) => {
    const end = step.endedAt ?? endedAt ?? now;
    const left = Math.min(scale(step.startedAt), cells - 1);
    const length = Math.max(1, scale(end) - left);
    const time = step.skipped ? 'skipped' : showDuration(end - step.startedAt);
    const bar = step.skipped ? '' : ' '.repeat(left) + paint.cyan(BAR.repeat(length));
    return `  ${step.step.padEnd(NAME_CELLS)} ${time.padStart(8)}  ${bar}`.trimEnd();
  });
}

/** What is known of a build besides its record: nothing where there is nothing to say. */
export function drawFacts(
  record: Readonly<JobRecord>,
  { largest, earlier }: BuildFacts,
  view: SummaryView,
): string[] {
  const largestLine = drawLargest(largest, view.columns - NAME_CELLS - 3);
  const compared = compare(record, earlier);
  return [
    ...(largestLine ? [fact('largest', largestLine, view.paint)] : []),
    ...(compared ? [fact('compared', compared, view.paint)] : []),
  ];
}

function drawLargest(files: BuildFacts['largest'], width: number): string {
  const named = files.map(({ path, bytes }) => `${shortenTo(36, visible(path))} ${showBytes(bytes)}`);
  // As many as there is room for, and one at least.
  while (named.length > 1 && widthOf(named.join(', ')) > width) named.pop();
  return named.join(', ');
}

function compare(record: Readonly<JobRecord>, earlier: BuildFacts['earlier']): string {
  const { artifact, endedAt, startedAt }: Readonly<RecordFields> = record;
  if (earlier.length === 0 || !artifact || endedAt === undefined || startedAt === undefined) return '';
  const usual = median(earlier.map(({ ms }) => ms));
  const builds = earlier.length === 1 ? 'the build before' : `the last ${earlier.length} builds`;
  const grown = artifact.bytes - (earlier[0]?.bytes ?? 0);
  const size =
    grown === 0 ? 'same size' : `${showBytes(Math.abs(grown))} ${grown > 0 ? 'more' : 'less'} to ship`;
  return `${compareTimes(endedAt - startedAt, usual)} than ${builds} (${showDuration(usual)}); ${size}`.replace(
    'as fast than',
    'as fast as',
  );
}

function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function fact(name: string, text: string, paint: Paint): string {
  return `  ${paint.dim(name.padEnd(NAME_CELLS))} ${text}`;
}
