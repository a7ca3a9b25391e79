import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../../../src/job/record.js';
import { fromHash, toFields, toHash } from '../../../src/job/record-hash.js';
import { recordsOfEveryStatus } from '../../support/records.js';

const hashOf = (status: string) =>
  toHash(recordsOfEveryStatus().find((one) => one.status === status) as JobRecord);
const without = (hash: Record<string, string>, ...fields: string[]) =>
  Object.fromEntries(Object.entries(hash).filter(([field]) => !fields.includes(field)));

describe.each(recordsOfEveryStatus())('a record that is $status', (record) => {
  it('comes back from a hash as it went in', () => {
    expect(fromHash(toHash(record))).toEqual(record);
  });

  it('comes back too from the fields that a script writes, beside those that only scripts read', () => {
    const fields = [...toFields(record), '_queue_job_id', 'job-1', '_lost', '1'];
    const hash = Object.fromEntries(
      fields.flatMap((_, at) => (at % 2 ? [] : [[fields[at], fields[at + 1]]])),
    );
    expect(fromHash(hash)).toEqual(record);
  });
});

describe('a hash', () => {
  it('has fields in snake case, times as numbers, and none for what is not known', () => {
    const hash = hashOf('ERROR');
    expect(hash).toMatchObject({ created_at: '1769860800000', exit_code: '0', cancel_requested: 'enough' });
    expect(hashOf('QUEUED')).not.toHaveProperty('artifact');
  });

  it('is no record when the key is missing', () => {
    expect(fromHash({})).toBeUndefined();
  });

  it.each([
    ['without an artifact', without(hashOf('READY'), 'artifact')],
    ['of which a Redis that lost its data knows only the last change', { status: 'BUILDING', attempt: 'a' }],
    ['with a status that there is not', { ...hashOf('READY'), status: 'DONE' }],
    ['with a time that is none', { ...hashOf('READY'), created_at: 'soon' }],
    ['with broken JSON', { ...hashOf('READY'), steps: '[{' }],
  ])('%s is no record, and no error', (_what, hash) => {
    expect(fromHash(hash)).toBeUndefined();
  });

  it('that is queued again does not say who built it before', () => {
    const queued = fromHash({ ...hashOf('BUILDING'), status: 'QUEUED' });
    for (const field of ['startedAt', 'runner', 'container', 'steps', 'artifact'])
      expect(queued).not.toHaveProperty(field);
  });
});

describe('what an older version wrote', () => {
  it('is read with its attempt, which was called run', () => {
    const { attempt = '', ...older } = hashOf('READY');
    expect(fromHash({ ...older, run: attempt })).toEqual(fromHash(hashOf('READY')));
    expect(fromHash({ run: 'older', ...hashOf('READY') })).toMatchObject({ attempt });
  });

  it.each([
    ['its last step', without(hashOf('READY'), 'ended_at'), 1_769_860_801_300],
    ['its start', without(hashOf('READY'), 'ended_at', 'steps'), 1_769_860_801_000],
    ['its creation', without(hashOf('ERROR'), 'ended_at', 'steps', 'started_at'), 1_769_860_800_000],
  ])('without the time of its end has ended with %s', (_what, hash, endedAt) => {
    expect(fromHash(hash)).toMatchObject({ endedAt });
  });
});
