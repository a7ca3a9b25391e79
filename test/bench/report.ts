// What the bench found, as a table, as a chart for the terminal, and as ratios held against their goals. Pure.
import { showBytes } from '../../src/job/quantity.js';
import { drawTable } from '../../src/ui/table.js';
import type { ServiceFigures } from './service.js';

/** Medians in seconds by contender, of one project in one situation. */
export interface Row {
  project: string;
  situation: string;
  medians: Record<string, number>;
}

export interface Goal {
  what: string;
  ratio: number;
  atMost: number;
}

const BAR = 40;

export function drawMedians(rows: Row[]): string[] {
  const names = [...new Set(rows.flatMap(({ medians }) => Object.keys(medians)))];
  const cells = rows.map(({ project, situation, medians }) => [
    project,
    situation,
    ...names.map((name) => showSeconds(medians[name])),
  ]);
  return drawTable([['PROJECT', 'SITUATION', ...names.map((name) => name.toUpperCase())], ...cells]);
}

export function drawChart(rows: Row[]): string[] {
  return rows.flatMap(({ project, situation, medians }) => {
    const entries = Object.entries(medians);
    const longest = Math.max(...entries.map(([, value]) => value));
    const bars = entries.map(([name, value]) => [
      `  ${name}`,
      '█'.repeat(Math.max(1, Math.round((value / longest) * BAR))),
      showSeconds(value),
    ]);
    return [`${project}, ${situation}`, ...drawTable(bars), ''];
  });
}

/** The ratios that koalaci is to keep, of what was measured. */
export function goals(rows: Row[]): Goal[] {
  return rows.flatMap(({ project, situation, medians }) => {
    const own = medians.koalaci ?? Number.NaN;
    const against = (contender: string, atMost: number | undefined): Goal[] =>
      atMost === undefined || medians[contender] === undefined
        ? []
        : [
            {
              what: `${project}, ${situation}: koalaci / ${contender}`,
              ratio: own / medians[contender],
              atMost,
            },
          ];
    return [
      ...against('BuildKit', BUILDKIT[situation]),
      ...against('floor', situation === 'one line' ? FLOOR[project] : undefined),
      ...against('tar.gz script', situation === 'one line' ? SCRIPT[project] : undefined),
    ];
  });
}

export function drawGoals(all: Goal[]): string[] {
  const cells = all.map(({ what, ratio, atMost }) => [
    what,
    ratio.toFixed(2),
    `≤ ${atMost}`,
    ratio <= atMost ? 'yes' : 'NO',
  ]);
  return drawTable([['RATIO', 'IS', 'GOAL', 'MET'], ...cells]);
}

/** The figures of the daemon, each with its goal. */
export function drawService(figures: ServiceFigures | undefined): string[] {
  if (!figures) return [];
  const { created, added, addedAtOnce, createdP99, followedByAll, followMemory, firstByte, readMemory } =
    figures;
  const rows: [string, string, string, boolean | undefined][] = [
    ['jobs created a second, by 16 connections', created.toFixed(0), '', undefined],
    [
      '  / added to a bare queue one after the other',
      (created / added).toFixed(2),
      '≥ 0.5',
      created / added >= 0.5,
    ],
    [
      '  / added to a bare queue 16 at once',
      (created / addedAtOnce).toFixed(2),
      '≥ 0.5',
      created / addedAtOnce >= 0.5,
    ],
    ['99 of 100 creates are answered within', `${createdP99.toFixed(0)} ms`, '< 50 ms', createdP99 < 50],
    ['of 500 followers got every line', String(followedByAll), '500', followedByAll === 500],
    ['memory of the daemon with 500 followers', showBytes(followMemory), '< 300 MB', followMemory < 300e6],
    ['first byte of a log of 16 MiB after', `${firstByte.toFixed(0)} ms`, '< 100 ms', firstByte < 100],
    ['memory that reading it took', showBytes(readMemory), '≤ 32 MiB', readMemory <= 32 * 1024 ** 2],
  ];
  const cells = rows.map(([what, is, goal, met]) => [
    what,
    is,
    goal,
    met === undefined ? '' : met ? 'yes' : 'NO',
  ]);
  return ['', ...drawTable([['SERVICE', 'IS', 'GOAL', 'MET'], ...cells])];
}

const BUILDKIT: Record<string, number> = { cold: 1, 'one line': 0.95, 'one dependency': 0.8 };
const FLOOR: Record<string, number> = { 'vite-react': 1.35, next: 1.15, astro: 1.15 };
const SCRIPT: Record<string, number> = { 'vite-react': 0.4, monorepo: 0.4 };

function showSeconds(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(2)} s`;
}
