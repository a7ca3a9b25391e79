// Draws the findings of `koalaci doctor`. Pure.
import type { Finding } from '../doctor/finding.js';
import { visible } from '../job/printable.js';
import type { EffectiveSetting } from '../settings/show.js';
import { drawTable } from './table.js';

const MARKS = { ok: '✔', warning: '!', error: '✖' } as const;
const INDENT = ' '.repeat(15);

/** One line per check, and below it the remedy, what to type, and the settings, if it has any. */
export function drawFindings(findings: Finding[]): string[] {
  return findings.flatMap(({ check, level, found, remedy, commands = [], settings = [] }) => [
    `${MARKS[level]} ${check.padEnd(12)} ${visible(found)}`,
    ...(remedy ? [INDENT + visible(remedy)] : []),
    ...commands.map((command) => `${INDENT}$ ${visible(command)}`),
    ...drawTable(settings.map(cells)).map((line) => INDENT + line),
  ]);
}

function cells({ name, value, set }: EffectiveSetting): string[] {
  return [name, set ? value : `(${value || 'none'})`];
}
