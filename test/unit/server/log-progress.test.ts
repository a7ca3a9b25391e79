import { describe, expect, it } from 'vitest';
import type { BuildingRecord, StepTimes } from '../../../src/job/record.js';
import { ProgressEvents } from '../../../src/server/log-progress.js';
import { buildingRecord, queuedRecord } from '../../support/records.js';

const SOURCE: StepTimes = { step: 'source', startedAt: 10, endedAt: 20 };
const INSTALL: StepTimes = { step: 'install', startedAt: 20, endedAt: 20, skipped: true };
const BUILD: StepTimes = { step: 'build', startedAt: 21 };
const building = (steps: StepTimes[], fields: Partial<BuildingRecord> = {}) =>
  buildingRecord({ startedAt: 9, createdAt: 5, steps, ...fields });
const chunk = (time: number, step: StepTimes['step'] | '' = '') => ({ time, step });

/** What a panel makes of events. */
const told = (events: string[]) =>
  events.map((event) => {
    const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(event) ?? [];
    const { step, status, ended_at, skipped } = JSON.parse(data);
    return [name, step ?? status, ...(ended_at ? ['ended'] : []), ...(skipped ? ['skipped'] : [])].join(' ');
  });

describe('steps', () => {
  it('are told before the lines that came after them, and each once', () => {
    const progress = new ProgressEvents();
    const record = building([SOURCE, INSTALL, BUILD]);
    expect(told(progress.before(chunk(10, 'source'), record))).toEqual(['step source']);
    expect(progress.before(chunk(20, 'source'), record)).toEqual([]);
    expect(told(progress.before(chunk(21, 'build'), record))).toEqual([
      'step source ended',
      'step install',
      'step install ended skipped',
      'step build',
    ]);
    expect(progress.before(chunk(99, 'build'), record)).toEqual([]);
    expect(progress.rest(record)).toEqual([]);
  });

  it('are told without lines, too', () => {
    const progress = new ProgressEvents();
    expect(told(progress.rest(building([SOURCE])))).toEqual(['step source', 'step source ended']);
  });

  it('are told again when they are done again, by another attempt or from nothing', () => {
    const progress = new ProgressEvents();
    progress.rest(building([SOURCE]));
    expect(told(progress.rest(building([SOURCE], { attempt: 'attempt-2' })))).toHaveLength(2);
    expect(told(progress.rest(building([{ ...SOURCE, startedAt: 30, endedAt: 40 }])))).toHaveLength(2);
  });

  it('say when they began, when they ended and how long they took', () => {
    const [, end = ''] = new ProgressEvents().rest(building([SOURCE]));
    expect(JSON.parse(end.split('data: ')[1] ?? '')).toEqual({
      ...{ step: 'source', started_at: '1970-01-01T00:00:00.010Z', ended_at: '1970-01-01T00:00:00.020Z' },
      ...{ ms: 10, skipped: false },
    });
  });
});

it('a status is told when it changes, and a final one at the end', () => {
  const progress = new ProgressEvents();
  const queued = queuedRecord({ createdAt: 5 });
  expect(told(progress.status(queued))).toEqual(['status QUEUED']);
  expect(progress.status(queued)).toEqual([]);
  expect(told(progress.status({ ...queued, waitsFor: 'the disk is full' }))).toEqual(['status QUEUED']);
  const record = building([BUILD]);
  expect(told(progress.status(record))).toEqual(['status BUILDING']);
  const lost = { ...record, attempt: 'attempt-2' };
  expect(told(progress.status(lost))).toEqual(['status BUILDING']);
  const ended = { ...lost, status: 'CANCELED', reason: 'canceled', message: 'x', endedAt: 30 } as const;
  expect(progress.status(ended)).toEqual([]);
  expect(told(progress.end({ ...ended, steps: [{ ...BUILD, endedAt: 30 }] }))).toEqual([
    'step build',
    'step build ended',
    'status CANCELED',
  ]);
});
