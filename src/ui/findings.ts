// Draws what the doctor found. Pure.
import type { Finding } from '../doctor.js';

const MARKS = { ok: '✔', warning: '!', error: '✖' } as const;

/** A line a check, and below it what to do. */
export function drawFindings(findings: Finding[]): string[] {
  return findings.flatMap(({ check, level, found, remedy }) => [
    `${MARKS[level]} ${check.padEnd(12)} ${found}`,
    ...(remedy ? [`  ${' '.repeat(12)} ${remedy}`] : []),
  ]);
}
