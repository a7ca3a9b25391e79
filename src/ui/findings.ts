// Draws the findings of `koalaci doctor`. Pure.
import type { Finding } from '../doctor/finding.js';
import { visible } from '../job/printable.js';
import type { EffectiveSetting } from '../settings/show.js';
import { wrapTo } from './cells.js';
import { drawTable } from './table.js';

const MARKS = { ok: '✔', warning: '!', error: '✖' } as const;
const INDENT = ' '.repeat(15);

/**
 * What was found per check, and below it the remedy, what to type, and the settings that are set (`koalaci config` has the others).
 * Words are broken at spaces, where lines have a width; what to type is not.
 */
export function drawFindings(findings: Finding[], columns: number): string[] {
  const inWidth = (text: string) => wrapTo(columns - INDENT.length, visible(text));
  return findings.flatMap(({ check, level, found, remedy, commands = [], settings = [] }) => [
    ...inWidth(found).map((line, at) => (at === 0 ? `${MARKS[level]} ${check.padEnd(12)} ` : INDENT) + line),
    ...(remedy ? inWidth(remedy).map((line) => INDENT + line) : []),
    ...commands.map((command) => `${INDENT}$ ${visible(command)}`),
    ...drawTable(settings.filter(({ set }) => set).map(cells)).map((line) => INDENT + line),
  ]);
}

function cells({ name, value }: EffectiveSetting): string[] {
  return [name, value];
}
