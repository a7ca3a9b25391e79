import { describe, expect, it } from 'vitest';
import { describeEnding, endingOf, exitCodeOfEnding, REASONS, reasonsOf } from '../../../src/job/ending.js';

it.each([
  [undefined, 'READY', 0],
  [{ reason: 'canceled', message: '' }, 'CANCELED', 130],
  [{ reason: 'skipped', message: '' }, 'CANCELED', 0],
  [{ reason: 'timed_out', message: '' }, 'ERROR', 124],
  [{ reason: 'build_failed', message: '', exitCode: 137 }, 'ERROR', 1],
] as const)('makes of the cause %o the status %s and the exit code %i', (cause, status, code) => {
  const ending = endingOf(cause);
  expect(ending.status).toBe(status);
  expect(exitCodeOfEnding(ending)).toBe(code);
});

describe('an ending', () => {
  it('is told with reason, figure, step, exit code and what to do', () => {
    const ending = endingOf({
      reason: 'out_of_memory',
      step: 'build',
      exitCode: 137,
      message: 'the build used 4 GiB of its 4 GiB of memory',
      remedy: 'Use less.',
    });
    expect(describeEnding(ending)).toEqual([
      'ERROR out_of_memory: the build used 4 GiB of its 4 GiB of memory, in step build (exit code 137)',
      'Use less.',
      'At fault: what the job says or is allowed',
    ]);
  });

  it('of a failed build is told with the lines that matter, whose fault it is, and where the rest is', () => {
    const ending = endingOf({
      reason: 'build_failed',
      step: 'build',
      exitCode: 1,
      message: 'the registry cannot be reached',
      fault: 'service',
      extract: ['error one', 'error two'],
    });
    expect(ending).toMatchObject({ fault: 'service' });
    expect(describeEnding(ending, 'd-1').slice(1)).toEqual([
      '│ error one',
      '│ error two',
      'At fault: a service elsewhere',
      'The whole log: koalaci logs d-1 --failed',
    ]);
    expect(endingOf({ reason: 'build_failed', message: '' })).toMatchObject({ fault: 'project' });
  });

  it('that is a cancel is told with who asked for it, and one that is READY is not told', () => {
    const canceled = endingOf({ reason: 'canceled', step: 'build', message: 'canceled by Ctrl-C' });
    expect(describeEnding(canceled)).toEqual(['CANCELED: canceled by Ctrl-C, in step build']);
    expect(describeEnding(endingOf(undefined))).toEqual([]);
  });

  it('that is no failure is told with its reason, too, and how to build all the same', () => {
    const skipped = endingOf({
      reason: 'skipped',
      step: 'source',
      message: 'it has [skip ci]',
      remedy: 'Set it.',
    });
    expect(describeEnding(skipped)).toEqual([
      'CANCELED skipped: it has [skip ci], in step source',
      'Set it.',
    ]);
  });
});

it('only a cancel and having nothing to build lead to CANCELED, and these are the last two of the list', () => {
  expect(reasonsOf('CANCELED')).toEqual(REASONS.slice(-2));
  expect(REASONS.slice(-2)).toEqual(['skipped', 'canceled']);
  expect(reasonsOf('ERROR')).toEqual(REASONS.slice(0, -2));
});
