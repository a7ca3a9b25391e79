// An ending in words: the only place that makes a sentence of a cause. Pure.
import type { Ending } from './status.js';

/** One to three lines: which status and reason, in which step, why, and what to try. None for READY. */
export function describeEnding(ending: Ending): string[] {
  if (ending.status === 'READY') return [];
  const where = ending.step ? `, in step ${ending.step}` : '';
  if (ending.status === 'CANCELED') return [`CANCELED: ${ending.message}${where}`];
  const code = ending.exitCode === undefined ? '' : ` (exit code ${ending.exitCode})`;
  return [
    `ERROR ${ending.reason}: ${ending.message}${where}${code}`,
    ...(ending.remedy ? [ending.remedy] : []),
  ];
}
