import { expect, it } from 'vitest';
import { isFinal, STATUSES } from '../../../src/job/status.js';

it('has three statuses that are final', () => {
  expect(STATUSES.filter(isFinal)).toEqual(['READY', 'ERROR', 'CANCELED']);
});
