import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Limits } from '../../../src/job/limits.js';
import { Verdict } from '../../../src/job/verdict.js';
import { Watch } from '../../../src/runner/watch.js';

const limits = { time: 60_000, silence: 10_000, output: 100, disk: 1_000 } as Limits;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A build in the step `build`, which has written so many bytes to disk. */
function watched(more: { since?: number; limits?: Partial<Limits>; diskUsed?: () => Promise<number> } = {}) {
  const verdict = new Verdict();
  const watch = new Watch({
    limits: { ...limits, ...more.limits },
    verdict,
    since: more.since ?? Date.now(),
    step: () => 'build',
    diskUsed: more.diskUsed ?? (async () => 0),
  });
  return { watch, verdict };
}

it('ends a build that takes too long, and no sooner', async () => {
  const { watch, verdict } = watched();
  for (let second = 0; second < 59; second++) {
    watch.sawOutput(1);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(verdict.cause).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(verdict.cause).toMatchObject({
    reason: 'timed_out',
    step: 'build',
    message: expect.stringContaining('1 min'),
  });
});

it('gives a second try only the time that the first one left', async () => {
  const { watch, verdict } = watched({ since: Date.now() - 50_000 });
  await vi.advanceTimersByTimeAsync(9_000);
  watch.sawOutput(1);
  expect(verdict.cause).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(verdict.cause).toMatchObject({
    reason: 'timed_out',
    message: expect.stringContaining('longer than 1 min'),
  });
});

it('ends a build that is silent; output begins the silence anew', async () => {
  const { watch, verdict } = watched();
  await vi.advanceTimersByTimeAsync(9_000);
  watch.sawOutput(1);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(verdict.cause).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(verdict.cause).toMatchObject({ reason: 'silent', message: 'no line of output for 10 s' });
});

it('lets output through up to its limit, to the byte, and ends the build that prints more', () => {
  const { watch, verdict } = watched();
  expect([watch.sawOutput(60), watch.sawOutput(40)]).toEqual([60, 40]);
  expect(verdict.cause).toBeUndefined();
  expect(watch.sawOutput(7)).toBe(0);
  expect(verdict.cause).toMatchObject({ reason: 'log_limit', step: 'build' });
});

it('cuts the output that crosses the limit', () => {
  const { watch } = watched();
  expect([watch.sawOutput(60), watch.sawOutput(60), watch.sawOutput(60)]).toEqual([60, 40, 0]);
});

it('ends a build that fills the disk; an engine that does not answer ends none', async () => {
  const used = vi.fn<() => Promise<number>>();
  used
    .mockRejectedValueOnce(new Error('no engine'))
    .mockResolvedValueOnce(1_000)
    .mockResolvedValueOnce(1_001);
  const { verdict } = watched({ diskUsed: used, limits: { silence: 600_000 } });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(used).toHaveBeenCalledTimes(2);
  expect(verdict.cause).toBeUndefined();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(verdict.cause).toMatchObject({
    reason: 'disk_limit',
    message: expect.stringContaining('out of disk'),
  });
});

it('watches no longer once it is disposed of', async () => {
  const { watch, verdict } = watched();
  watch[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(verdict.cause).toBeUndefined();
});
