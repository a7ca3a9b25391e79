import { expect, it } from 'vitest';
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
