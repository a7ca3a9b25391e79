// Shows the status of a deployment in a word or two, in its colour. Pure.
import type { JobRecord } from '../job/record.js';
import type { Paint } from './paint.js';

/** `READY`, `BUILDING install`, `ERROR/build_failed`; a cancel needs no reason. */
export function showStatus(record: JobRecord, paint: Paint): string {
  switch (record.status) {
    case 'QUEUED':
      return 'QUEUED';
    case 'BUILDING':
      return paint.cyan(`BUILDING${record.step ? ` ${record.step}` : ''}`);
    case 'READY':
      return paint.green('READY');
    case 'ERROR':
      return paint.red(`ERROR/${record.reason}`);
    case 'CANCELED':
      return paint.yellow(record.reason === 'canceled' ? 'CANCELED' : `CANCELED/${record.reason}`);
  }
}
