// A finding as text that a reader can follow. Pure.
import type { Tally } from '../building/history.js';
import { describe, describeWorkspace } from '../changes/dependencies.js';
import type { Project } from '../project/model.js';
import type { Finding } from './search.js';

/** So many lines of a difference say what it is. */
const MOST_LINES = 12;

export function tell({ seed, path, first, standby, steps, differences }: Finding): string {
  const shown = differences.slice(0, MOST_LINES).map((line) => `    ${line.slice(0, 160)}`);
  const left = differences.length - shown.length;
  return [
    `A warm build is not as a clean one (npm run fuzz -- --seed ${seed} --path ${path}):`,
    ...describeProject(first).map((line) => `  ${line}`),
    ...(standby ? ['  A container waits for each build.'] : []),
    '  It is built. Then it',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    '  What differs (- clean, + warm):',
    ...shown,
    ...(left > 0 ? [`    and ${left} lines more`] : []),
  ].join('\n');
}

function describeProject(project: Project): string[] {
  const { manager, dist, script, habits, dependencies, workspaces, installLinks } = project;
  return [
    `A project of ${manager}${installLinks && manager === 'npm' ? ' with install-links' : ''} that ships ${dist}`,
    ...Object.entries(dependencies).map(([name, one]) => `  with dependency ${name}: ${describe(one)}`),
    ...Object.entries(workspaces).map(([name, one]) => `  with workspace ${name}: ${describeWorkspace(one)}`),
    ...(script ? [`  with an install script of its own that ${script}`] : []),
    ...habits.map((habit) => `  with a build that ${habit}`),
  ];
}

export function tellTally(tally: Tally, minutes: number): string {
  const { states, builds, warm, skipped, ready, unsteady } = tally;
  return [
    `${states} states in ${minutes.toFixed(1)} minutes, ${builds} builds`,
    `${warm} warm, ${skipped} of them without an install, ${ready} READY`,
    `${unsteady} states that clean builds do not make alike`,
  ].join('; ');
}
