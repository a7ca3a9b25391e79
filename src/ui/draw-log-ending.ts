// Draws how a deployment ended, below its log. Pure.
import { describeEnding } from '../job/ending.js';
import { visible } from '../job/printable.js';
import { showBytes, showDuration, showFiles } from '../job/quantity.js';
import { durationOf, hasEnded, type JobRecord } from '../job/record.js';
import type { Paint } from './paint.js';
import { whereIs } from './records.js';

/** The ending of a deployment that has ended, unless koalaci said it in the log as the last thing. */
export function drawLogEnding(record: JobRecord, lastOwn: string, paint: Paint): string[] {
  if (!hasEnded(record)) return [];
  if (record.status === 'READY') {
    const { artifact, deployment } = record;
    const what = `${visible(whereIs(artifact, deployment))} (${showFiles(artifact.files)}, ${showBytes(artifact.bytes)})`;
    const took = showDuration(durationOf(record, record.endedAt));
    return [`${paint.bold(paint.green('READY'))} in ${took}`, `  artifact ${what}`];
  }
  const [what = '', ...remedy] = describeEnding(record, record.deployment).map(visible);
  if (lastOwn !== '' && [what, ...remedy].some((line) => lastOwn === `koalaci: ${line}`)) return [];
  return [paint.bold(paint.red(what)), ...remedy.map((line) => `  ${line}`)];
}
