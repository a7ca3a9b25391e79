import { describe, expect, it } from 'vitest';
import { durationOf, endedRecord, hasEnded, JobRecord } from '../../../src/job/record.js';
import { artifact, buildingRecord, queuedRecord, recordsOfEveryStatus } from '../../support/records.js';

const fits = (record: object) => JobRecord.safeParse(record).success;
const end = { status: 'READY', endedAt: 5 } as const;

describe('the schema', () => {
  it.each(recordsOfEveryStatus())('takes a record that is $status', (record) => {
    expect(JobRecord.parse(record)).toEqual(record);
  });

  it.each([
    ['READY without an artifact', { ...buildingRecord(), status: 'READY', endedAt: 5, artifact: undefined }],
    ['READY without an end', { ...buildingRecord(), status: 'READY' }],
    ['BUILDING without a container', { ...buildingRecord(), container: undefined }],
    ['ERROR without a message', { ...queuedRecord(), status: 'ERROR', reason: 'internal', endedAt: 5 }],
    [
      'ERROR that was canceled',
      { ...queuedRecord(), ...end, status: 'ERROR', reason: 'canceled', message: '' },
    ],
  ])('refuses what is %s', (_what, record) => {
    expect(fits(record)).toBe(false);
  });
});

describe('a record that ends', () => {
  it('READY keeps its artifact', () => {
    expect(endedRecord(buildingRecord(), end)).toMatchObject({ status: 'READY', endedAt: 5, artifact });
  });

  it('READY without an artifact is a bug', () => {
    const { artifact: _, ...record } = buildingRecord();
    expect(() => endedRecord(record, end)).toThrow('d1 is READY without an artifact');
  });

  it('otherwise says why', () => {
    const failed = { status: 'ERROR', reason: 'timed_out', message: 'too long', endedAt: 5 } as const;
    expect(endedRecord(buildingRecord(), failed)).toMatchObject(failed);
  });
});

it('has ended when it is READY, ERROR or CANCELED', () => {
  const ended = recordsOfEveryStatus().filter(hasEnded);
  expect(ended.map(({ status }) => status)).toEqual(['READY', 'ERROR', 'CANCELED']);
});

it('took from its start, or else its creation, to its end, or else to now', () => {
  const building = buildingRecord({ createdAt: 10, startedAt: 20 });
  expect(durationOf(queuedRecord({ createdAt: 10 }), 100)).toBe(90);
  expect(durationOf(building, 100)).toBe(80);
  expect(durationOf({ ...building, status: 'READY', artifact, endedAt: 50 }, 100)).toBe(30);
});
