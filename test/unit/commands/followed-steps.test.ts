// The events of a build that runs elsewhere, from its record.
import { describe, expect, it } from 'vitest';
import { FollowedSteps } from '../../../src/commands/followed-steps.js';
import type { EndedRecord, StepTimes } from '../../../src/job/record.js';
import type { BuildEvent } from '../../../src/runner/events.js';
import { artifact, buildingRecord, queuedRecord } from '../../support/records.js';

const source: StepTimes = { step: 'source', startedAt: 100, endedAt: 300, note: 'main at 0123456789, warm' };
const install: StepTimes = { step: 'install', startedAt: 300, endedAt: 300, skipped: true };
const build: StepTimes = { step: 'build', startedAt: 300 };
const building = (...steps: StepTimes[]) => buildingRecord({ steps, createdAt: 50, startedAt: 60 });
const told = (events: BuildEvent[]) =>
  events.map((event) => ('step' in event ? `${event.type} ${event.step}` : event.type));

it('tells nothing of a job that is queued', () => {
  expect(new FollowedSteps().news(queuedRecord())).toEqual([]);
});

it('tells each step once, with its time and its words', () => {
  const steps = new FollowedSteps();
  expect(steps.news(building(source))).toEqual([
    { type: 'started', record: building(source), warm: true },
    { type: 'step_started', step: 'source' },
    { type: 'step_ended', step: 'source', ok: true, skipped: false, ms: 200, note: source.note },
  ]);
  expect(told(steps.news(building(source, install, build)))).toEqual([
    'step_started install',
    'step_ended install',
    'step_started build',
  ]);
  expect(steps.news(building(source, install, build))).toEqual([]);
});

it('says what the build starts from, as far as its record does', () => {
  const warm = { branch: 'main', commit: 'c'.repeat(40), savedAt: 40 };
  for (const [base, isWarm] of [
    [{ warm }, true],
    [{ cold: 'no cache was asked for' }, false],
  ] as const) {
    const [started] = new FollowedSteps().news({ ...building(source), base });
    expect(started).toMatchObject({ type: 'started', warm: isWarm, base });
  }
});

it('leaves the step open whose log comes now', () => {
  const steps = new FollowedSteps();
  const ended = { ...build, endedAt: 900 };
  const packed: StepTimes = { step: 'artifact', startedAt: 900, endedAt: 950 };
  expect(told(steps.news(building(source, ended, packed), 'build'))).toEqual([
    'started',
    'step_started source',
    'step_ended source',
    'step_started build',
  ]);
  expect(told(steps.news(building(source, ended, packed)))).toEqual([
    'step_ended build',
    'step_started artifact',
    'step_ended artifact',
  ]);
});

it('begins a step whose log is here before its record', () => {
  expect(told(new FollowedSteps().news(building(source), 'build')).at(-1)).toBe('step_started build');
});

it('starts over with another attempt', () => {
  const steps = new FollowedSteps();
  steps.news(building(source, build));
  const again = buildingRecord({ attempt: 'attempt-2', steps: [source], startedAt: 60 });
  expect(told(steps.news(again))).toEqual(['started', 'step_started source', 'step_ended source']);
});

it('says that a build begins once more, when its first step has another time', () => {
  const steps = new FollowedSteps();
  steps.news(building(source, build));
  const second: StepTimes = { step: 'source', startedAt: 700, endedAt: 800 };
  expect(steps.news(building(second))).toEqual([
    { type: 'step_ended', step: 'build', ok: false, skipped: false, ms: 400, note: '' },
    { type: 'retried' },
    { type: 'step_started', step: 'source' },
    { type: 'step_ended', step: 'source', ok: true, skipped: false, ms: 100, note: '' },
  ]);
});

describe('the end', () => {
  const ended = { ...build, endedAt: 900 };

  it('of a failure is that of its last step', () => {
    const { artifact: _, ...record } = building(source, { ...ended, failed: true });
    const failed: EndedRecord = {
      ...record,
      ...{
        status: 'ERROR',
        reason: 'build_failed',
        exitCode: 3,
        message: 'it failed',
        endedAt: 900,
        step: 'build',
      },
    };
    expect(new FollowedSteps().end(failed).slice(-2)).toEqual([
      { type: 'step_ended', step: 'build', ok: false, skipped: false, ms: 600, note: '' },
      {
        type: 'ended',
        ending: { status: 'ERROR', reason: 'build_failed', step: 'build', exitCode: 3, message: 'it failed' },
        record: failed,
        recorded: true,
      },
    ]);
  });

  it('of a READY build is told', () => {
    const ready: EndedRecord = { ...building(source, ended), status: 'READY', artifact, endedAt: 900 };
    expect(new FollowedSteps().end(ready).at(-1)).toMatchObject({
      type: 'ended',
      ending: { status: 'READY' },
    });
  });
});
