import { expect, it } from 'vitest';
import type { LabelledContainer } from '../../../src/docker/container.js';
import {
  buildName,
  flattenName,
  keptName,
  LABEL,
  savingName,
  standbyName,
} from '../../../src/docker/names.js';
import type { InstallationId, JobId } from '../../../src/job/identity.js';
import type { JobRecord } from '../../../src/job/record.js';
import { isLeft } from '../../../src/runner/reaper.js';
import { thisRunner } from '../../../src/runner/runner-id.js';

const NOW = 1_000_000_000;
const MINUTE = 60_000;
const id = { user: 'ann', deployment: 'd' } as JobId;
const OURS = '0123456789ab' as InstallationId;
const buildOf = (runner: string) => buildName(OURS, id, { attempt: 'a1', runner });
const alive = buildOf(thisRunner());
const deadRunner = thisRunner().replace(/\d+$/, '1');
const dead = buildOf(deadRunner);
const waiting = standbyName(OURS);

const container = (name: string, fields: Partial<LabelledContainer> = {}): LabelledContainer => ({
  ...{
    id: 'c',
    name,
    running: true,
    createdAt: NOW,
    finishedAt: undefined,
    labels: { [LABEL.attempt]: 'a1' },
  },
  ...fields,
});
const record = (status: string, attempt = 'a1') => ({ status, attempt }) as JobRecord;
const ended = (minutesAgo: number) =>
  ({ ...record('READY'), endedAt: NOW - minutesAgo * MINUTE }) as JobRecord;
const stopped = (minutesAgo: number) => ({ running: false, finishedAt: NOW - minutesAgo * MINUTE });

const kept = (minutes: number) => keptName(OURS, id, 'a1', NOW + minutes * MINUTE);

it.each([
  ['is kept for debugging, though its build has failed', container(kept(5)), record('ERROR'), false],
  ['is kept, though its deployment is built again', container(kept(5)), record('BUILDING', 'a2'), false],
  ['was kept long enough', container(kept(-1)), record('ERROR'), true],
  ['was kept, and has ended', container(kept(5), stopped(0)), record('ERROR'), true],
  ['waits for a job', container(waiting), undefined, false],
  ['is about to wait for a job', container(waiting, { running: false }), undefined, false],
  [
    'was never started',
    container(waiting, { running: false, createdAt: NOW - 11 * MINUTE }),
    undefined,
    true,
  ],
  ['waited in vain', container(waiting, stopped(0)), undefined, true],
  ['is built in', container(alive), record('BUILDING'), false],
  ['is about to be built in', container(alive, { running: false }), record('QUEUED', 'a0'), false],
  [
    'the engine made too late for its runner',
    container(alive, { running: false, createdAt: NOW - 11 * MINUTE }),
    record('QUEUED', 'a0'),
    true,
  ],
  ['nobody has removed', container(alive, stopped(11)), record('BUILDING'), true],
  ['stopped a moment ago', container(alive, stopped(1)), record('BUILDING'), false],
  ['belongs to a dead runner', container(dead), record('BUILDING'), true],
  ['belongs to a dead runner, and its record is gone', container(dead), undefined, true],
  ['was not removed when its build failed', container(alive), record('ERROR'), true],
  ['is of an earlier attempt that failed', container(alive), record('ERROR', 'a2'), false],
  [
    'is of an attempt before this one, and stopped',
    container(alive, stopped(0)),
    record('BUILDING', 'a2'),
    true,
  ],
  ['waits for its claim while the last attempt is known', container(alive), record('READY', 'a2'), false],
  ['was never claimed', container(alive, { createdAt: NOW - 11 * MINUTE }), record('READY', 'a2'), true],
  ['is READY, and about to be saved', container(alive), record('READY'), false],
  ['is READY, and was never about to be saved', container(alive, stopped(31)), record('READY'), true],
  ['was to be saved, and its build failed', container(savingName(alive), stopped(0)), record('ERROR'), true],
  ['is being saved', container(savingName(alive), stopped(29)), record('READY'), false],
  ['is being saved once its runner has ended', container(savingName(dead), stopped(0)), ended(0.9), false],
  ['nobody has taken over to save it', container(savingName(dead), stopped(0)), ended(1.1), true],
  ['nobody has taken over while it cleans up', container(savingName(dead)), ended(1.1), true],
  ['nobody saves, and its record is gone', container(savingName(dead), stopped(2)), undefined, true],
  [
    'is being saved by a process that lives',
    container(savingName(dead, false, thisRunner()), stopped(1)),
    ended(1.1),
    false,
  ],
  [
    'was being saved by a process that has died',
    container(savingName(alive, false, deadRunner), stopped(2)),
    ended(2),
    true,
  ],
  ['is of one who flattens', container(flattenName(OURS, thisRunner())), undefined, false],
  ['is of one who flattened and has died', container(flattenName(OURS, deadRunner)), undefined, true],
  ['was forgotten half an hour ago', container(savingName(alive), stopped(31)), record('READY'), true],
  ['hangs after its build, and nobody ends it', container(savingName(alive)), ended(31), true],
  ['cleans up after its build', container(savingName(alive)), ended(29), false],
  ['was to be saved when its runner died', container(savingName(dead)), record('BUILDING'), true],
])('judges whether a container is left that %s', (_, found, known, expected) => {
  expect(isLeft(found, known, NOW)).toBe(expected);
});
