import { expect, it } from 'vitest';
import { describeEnding } from '../../../src/job/ending.js';
import { endingOf } from '../../../src/job/status.js';
import { Verdict } from '../../../src/job/verdict.js';

it('keeps the first cause: what follows is its effect', () => {
  const verdict = new Verdict();
  verdict.decide({ reason: 'timed_out', message: 'too long' });
  verdict.decide({ reason: 'build_failed', message: 'killed', exitCode: 137 });
  verdict.requeue();
  expect(verdict.cause?.reason).toBe('timed_out');
  expect(verdict.requeued).toBe(false);
  expect(verdict.signal.aborted).toBe(true);
});

it('stops a build without a cause when its job goes back into the queue', () => {
  const verdict = new Verdict();
  expect(verdict.decided).toBe(false);
  verdict.requeue();
  verdict.decide({ reason: 'internal', message: 'the container was stopped' });
  expect(verdict.decided).toBe(true);
  expect(verdict.requeued).toBe(true);
  expect(verdict.cause).toBeUndefined();
});

it('is told with reason, figure, step, exit code and what to do', () => {
  const ending = endingOf({
    reason: 'out_of_memory',
    step: 'build',
    exitCode: 137,
    message: 'out of memory: 4 of 4 GiB',
    remedy: 'Use less.',
  });
  expect(describeEnding(ending)).toEqual([
    'ERROR out_of_memory: out of memory: 4 of 4 GiB, in step build (exit code 137)',
    'Use less.',
  ]);
});
