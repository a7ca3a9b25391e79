import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DiskUse } from '../../../src/docker/disk-use.js';
import type { Limits } from '../../../src/job/limits.js';
import { Verdict } from '../../../src/job/verdict.js';
import { Watch } from '../../../src/runner/watch.js';

const limits = { time: 60_000, silence: 10_000, output: 100, disk: 1_000, inodes: 10 } as Limits;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A build in the step `build`, which has so much on disk. */
function watched(more: { since?: number; limits?: Partial<Limits>; diskUse?: () => Promise<DiskUse> } = {}) {
  const verdict = new Verdict();
  const watch = new Watch({
    limits: { ...limits, ...more.limits },
    verdict,
    since: more.since ?? performance.now(),
    step: () => 'build',
    diskUse: more.diskUse ?? (async () => ({ bytes: 0 })),
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
  const { watch, verdict } = watched({ since: performance.now() - 50_000 });
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

it('ends a build that fills the disk, and watches no further', async () => {
  const use = vi.fn<() => Promise<DiskUse>>();
  use.mockResolvedValueOnce({ bytes: 1_000 }).mockResolvedValue({ bytes: 1_001 });
  const { verdict } = watched({ diskUse: use });
  await vi.advanceTimersByTimeAsync(2_999);
  expect(verdict.cause).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(verdict.cause).toMatchObject({ reason: 'disk_limit', step: 'build' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(use).toHaveBeenCalledTimes(2);
});

it('is not silent while it sends its artifact', async () => {
  const { watch, verdict } = watched();
  for (let second = 0; second < 20; second++) {
    watch.sawArchive();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(verdict.cause).toBeUndefined();
});

it('watches no longer once it is disposed of', async () => {
  const { watch, verdict } = watched();
  watch[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(verdict.cause).toBeUndefined();
});
