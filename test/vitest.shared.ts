// What vitest does alike in all test commands; each adds the folders that it runs.
import type { ViteUserConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.js';

/** Three files at a time: these tests share one engine, and most of their time is spent waiting for it. */
export const shared = {
  root: new URL('.', import.meta.url).pathname,
  testTimeout: 30_000,
  hookTimeout: 120_000,
  fileParallelism: true,
  maxWorkers: 3,
  sequence: { sequencer: LongestFirst },
} satisfies ViteUserConfig['test'];
