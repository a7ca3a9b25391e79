import { expect, it } from 'vitest';
import { fromHash, type JobRecord, toHash } from '../../../src/job/record.js';

const record = {
  user: 'ann',
  deployment: 'd1',
  project: 'site',
  attempt: 'r',
  status: 'ERROR',
  branch: 'main',
  repo: '/srv/site',
  createdAt: 1,
  endedAt: 2,
  reason: 'build_failed',
  exitCode: 0,
  message: 'it failed',
  steps: [{ step: 'source', startedAt: 1, endedAt: 2 }],
} as JobRecord;

it('comes back from a hash as it went in', () => {
  expect(fromHash(toHash(record))).toEqual(record);
});

it('has fields in snake case, and none for what is not known', () => {
  const hash = toHash(record);
  expect(hash).toMatchObject({ created_at: '1', exit_code: '0' });
  expect(hash).not.toHaveProperty('artifact');
});

it('is none when the key is missing', () => {
  expect(fromHash({})).toBeUndefined();
});
