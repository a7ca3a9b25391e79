import { expect, it } from 'vitest';
import type { DeploymentId, UserId } from '../../../src/job/identity.js';
import type { EndedRecord } from '../../../src/job/record.js';
import type { Box } from '../../../src/store/box.js';
import { widthOf } from '../../../src/ui/cells.js';
import { type BoxView, drawBox } from '../../../src/ui/draw-box.js';
import { paintWith } from '../../../src/ui/paint.js';
import { buildingRecord, queuedRecord } from '../../support/records.js';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const id = (name: string) => name as DeploymentId;
const view: BoxView = { columns: 80, rows: 23, now: NOW, paint: paintWith(false), isOfAll: true };

const building = buildingRecord({
  ...{ deployment: id('my-site-3f9c2a1-b04d7e'), createdAt: NOW - 20_000, startedAt: NOW - 12_300 },
  steps: [
    { step: 'source', startedAt: NOW - 12_300, endedAt: NOW - 12_000 },
    { step: 'build', startedAt: NOW - 3_200 },
  ],
});
const ended = {
  ...buildingRecord({ deployment: id('a-deployment-with-a-name-that-is-far-too-long-for-a-line-of-eighty') }),
  ...{
    status: 'ERROR',
    reason: 'install_failed',
    message: 'x',
    startedAt: NOW - 90_000,
    endedAt: NOW - 60_000,
  },
} as EndedRecord;
const queued = (name: string, place: number, fields: object = {}) =>
  queuedRecord({ deployment: id(name), user: 'ben' as UserId, createdAt: NOW - 5_000, place, ...fields });
const box: Box = {
  building: [building],
  queued: [queued('next', 1), queued('other', 2, { waitsFor: 'the disk is full' })],
  ended: [ended],
};

it('shows what runs in which step, what waits at which place, and what ended, at 80 columns', () => {
  expect(drawBox(box, view).join('\n')).toMatchInlineSnapshot(`
    "koalaci  1 building, 2 queued
    BUILDING
    ⠋   my-site-3f…a1-b04d7e  ann/site  main  12.3s  build 3.2s
    QUEUED
    1.  next                  ben/site  main    5 s
    2.  other                 ben/site  main    5 s  the disk is full
    ENDED
    ✖   a-deployme…of-eighty  ann/site  main   30 s  ERROR/install_failed, 1 min ago"
  `);
});

it('shows them at 200 columns', () => {
  expect(drawBox(box, { ...view, columns: 200 }).join('\n')).toMatchInlineSnapshot(`
    "koalaci  1 building, 2 queued
    BUILDING
    ⠋   my-site-3f9c2a1-b04d7e                                              ann/site  main  12.3s  build 3.2s
    QUEUED
    1.  next                                                                ben/site  main    5 s
    2.  other                                                               ben/site  main    5 s  the disk is full
    ENDED
    ✖   a-deployment-with-a-name-that-is-far-too-long-for-a-line-of-eighty  ann/site  main   30 s  ERROR/install_failed, 1 min ago"
  `);
});

it('fits the terminal, and says how many there are besides', () => {
  const many: Box = {
    building: Array.from({ length: 30 }, () => building),
    queued: Array.from({ length: 300 }, (_, at) => queued(`q${at}`, at + 1)),
    ended: Array.from({ length: 20 }, () => ended),
  };
  for (const [columns, rows] of [
    [80, 23],
    [40, 10],
    [200, 50],
  ] as const) {
    const lines = drawBox(many, { ...view, columns, rows });
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    expect(lines.filter((line) => /… \d+ more/.test(line)).length).toBeGreaterThanOrEqual(2);
  }
});

it('shows an empty box', () => {
  expect(drawBox({ building: [], queued: [], ended: [] }, view)).toEqual(['koalaci  0 building, 0 queued']);
});
