import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DiskUse } from '../../../src/docker/disk-use.js';
import { DiskWatch, excess, pauseAfter } from '../../../src/runner/disk-watch.js';

const limits = { disk: 2_048, inodes: 10 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it.each<[DiskUse, string | undefined]>([
  [{ bytes: 2_048 }, undefined],
  [{ bytes: 2_048, inodes: 10 }, undefined],
  [{ bytes: 3_072 }, '3 KiB of 2 KiB written'],
  [{ bytes: 0, inodes: 11 }, '11 of 10 files and directories'],
])('says of %o what there is too much of', (use, what) => {
  expect(excess(use, limits)).toBe(what);
});

it.each([
  [0, 2_000],
  [100, 5_000],
  [1_000, 15_000],
])('after a look of %i ms it waits %i ms', (took, pause) => {
  expect(pauseAfter(took)).toBe(pause);
});

it('looks after a second, and again; an engine that does not answer ends no build', async () => {
  const look = vi.fn<() => Promise<DiskUse>>().mockRejectedValueOnce(new Error('no engine'));
  look.mockResolvedValue({ bytes: 0 });
  const onExcess = vi.fn();
  using _ = new DiskWatch({ limits, look, onExcess });
  await vi.advanceTimersByTimeAsync(999);
  expect(look).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(look).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(look).toHaveBeenCalledTimes(3);
  expect(onExcess).not.toHaveBeenCalled();
});

it('says nothing of a look that ends when nobody watches any more', async () => {
  let resolve: (use: DiskUse) => void = () => {};
  const looked = new Promise<DiskUse>((done) => {
    resolve = done;
  });
  const onExcess = vi.fn();
  const watch = new DiskWatch({ limits, look: () => looked, onExcess });
  await vi.advanceTimersByTimeAsync(1_000);
  watch[Symbol.dispose]();
  resolve({ bytes: 5_000 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(onExcess).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
