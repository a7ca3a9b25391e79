import { afterEach, expect, it, vi } from 'vitest';
import { settledWithin } from '../../../src/job/settled-within.js';

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ['done', () => Promise.resolve('x')],
  ['failed', () => Promise.reject(new Error('x'))],
])('says that something has come to its end in time when it is %s', async (_, work) => {
  expect(await settledWithin(60_000, work())).toBe(true);
});

it('waits no longer than it was told to', async () => {
  expect(await settledWithin(5, new Promise(() => {}))).toBe(false);
});
