// What is said of a deployment to somebody who waits for it. Pure.
import { describeEnding } from '../job/ending.js';
import { visible } from '../job/printable.js';
import { showDuration } from '../job/quantity.js';
import { durationOf, type EndedRecord, type JobRecord, type QueuedRecord } from '../job/record.js';

/** Says of a queued job what has changed since the last time. */
export class QueueWords {
  #last = '';

  of(record: JobRecord): string[] {
    const words = record.status === 'QUEUED' ? whereItWaits(record).join('; ') : '';
    if (words === this.#last) return [];
    this.#last = words;
    return words === '' ? [] : [`${record.deployment} waits: ${visible(words)}`];
  }
}

/** Why a queued job waits; nothing if that is not known. */
export function whereItWaits({ place, workers, waitsFor }: QueuedRecord): string[] {
  return [
    ...(waitsFor === undefined ? [] : [waitsFor]),
    ...(place === undefined
      ? []
      : [place === 1 ? 'it is the next one in the queue' : `place ${place} in the queue`]),
    ...(workers === 0
      ? ['no worker listens: start one with "koalaci worker", or "koalaci serve" without --concurrency 0']
      : []),
  ];
}

/** How a deployment ended, in one or two lines. */
export function wordsOfEnd(record: EndedRecord): string[] {
  if (record.status === 'READY')
    return [`${record.deployment} is READY in ${showDuration(durationOf(record, Date.now()))}`];
  const [first = '', ...rest] = describeEnding(record);
  return [`${record.deployment} is ${visible(first)}`, ...rest.map((line) => `  ${visible(line)}`)];
}
