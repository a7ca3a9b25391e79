import { describe, expect, it } from 'vitest';
import type { RecordFields, StepTimes } from '../../../src/job/record.js';
import { sentences, usualMs } from '../../../src/report/comparison.js';
import type { Built } from '../../../src/report/earlier.js';
import { artifact, buildingRecord } from '../../support/records.js';

const built = (seconds: number, bytes = 1024, steps: StepTimes[] = []) =>
  ({
    ...buildingRecord({ startedAt: 1_000, steps, artifact: { ...artifact, archiveBytes: bytes } }),
    ...{ status: 'READY', endedAt: 1_000 + seconds * 1_000 },
  }) as Built & RecordFields;

const step = (ms: number, more: Partial<StepTimes> = {}): StepTimes => ({
  ...{ step: 'build', startedAt: 0, endedAt: ms },
  ...more,
});

describe('a build beside earlier ones', () => {
  it('says by how much it differs from what is usual', () => {
    expect(sentences(built(12, 2048), [built(8, 1024), built(10), built(30)])).toEqual([
      'It took 12 s, 20 % more than the usual 10 s.',
      'Its artifact has 2 KiB, 100 % more than the 1 KiB of d1.',
    ]);
    expect(sentences(built(10), [built(10.2)])[0]).toBe('It took 10 s, about the usual 10 s.');
  });

  it('says nothing of one that failed: it did less', () => {
    expect(sentences({ ...built(1), status: 'ERROR' }, [built(10)])).toEqual([]);
  });

  it('does not count steps that were skipped, or have not ended', () => {
    const builds = [
      built(1, 1, [step(3)]),
      built(1, 1, [step(0, { skipped: true })]),
      built(1, 1, [step(5)]),
    ];
    expect(usualMs('build', builds)).toBe(4);
    expect(usualMs('install', builds)).toBeUndefined();
  });
});
