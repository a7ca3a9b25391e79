// What vitest does alike in all test commands; each adds the folders that it runs.
import type { ViteUserConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.js';

/** Three files at a time: these tests share one engine, and most of their time is spent waiting for it. */
export const shared = {
  root: new URL('.', import.meta.url).pathname,
  testTimeout: 30_000,
  // What is waited for fails after a minute, and says so: snapshots of many builds take the engine a while to remove.
  hookTimeout: 300_000,
  fileParallelism: true,
  maxWorkers: 3,
  sequence: { sequencer: LongestFirst },
} satisfies ViteUserConfig['test'];
