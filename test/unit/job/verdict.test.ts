import { expect, it } from 'vitest';
import { TryVerdict, untilDecided, Verdict } from '../../../src/job/verdict.js';

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

it('ends nothing by a limit or a cancel that comes when the artifact is being published; a failure still counts', () => {
  const verdict = new Verdict();
  expect(verdict.publish()).toBe(true);
  verdict.decide({ reason: 'canceled', message: 'enough' });
  verdict.decide({ reason: 'timed_out', message: 'too long' });
  verdict.requeue();
  expect(verdict.decided).toBe(false);
  verdict.decide({ reason: 'internal', message: 'the disk is full' });
  expect(verdict.cause?.reason).toBe('internal');
});

it('has nothing published once the build has to stop', () => {
  const verdict = new Verdict();
  verdict.decide({ reason: 'canceled', message: 'enough' });
  expect(verdict.publish()).toBe(false);
  expect(verdict.cause?.reason).toBe('canceled');
});

it('lets nobody wait for what hangs when the build has to stop', async () => {
  const verdict = new Verdict();
  const hanging = untilDecided(new Promise(() => {}), verdict);
  expect(await untilDecided(Promise.resolve(1), verdict)).toBe(1);
  await expect(untilDecided(Promise.reject(new Error('failed')), verdict)).rejects.toThrow('failed');
  verdict.decide({ reason: 'timed_out', message: 'too long' });
  expect(await hanging).toBeUndefined();
  expect(await untilDecided(new Promise(() => {}), verdict)).toBeUndefined();
});

it('of a try stops that try alone for a cause that ends only it', () => {
  const build = new Verdict();
  const first = new TryVerdict(build, ({ reason }) => reason === 'build_failed');
  first.decide({ reason: 'build_failed', message: 'it failed' });
  first.decide({ reason: 'timed_out', message: 'too late: it has been stopped' });
  expect(first.signal.aborted).toBe(true);
  expect(first.cause?.message).toBe('it failed');
  expect(build.decided).toBe(false);
});

it('of a try passes every other cause on, and stops with its build', () => {
  const isNone = () => false;
  const failed = new Verdict();
  const first = new TryVerdict(failed, isNone);
  first.decide({ reason: 'build_failed', message: 'it failed' });
  expect(failed.cause?.message).toBe('it failed');
  expect([first.decided, first.cause]).toEqual([true, undefined]);

  const canceled = new Verdict();
  const running = new TryVerdict(canceled, () => true);
  canceled.decide({ reason: 'canceled', message: 'enough' });
  running.decide({ reason: 'build_failed', message: 'the container was stopped' });
  expect(running.signal.aborted).toBe(true);
  expect(running.cause).toBeUndefined();
});
