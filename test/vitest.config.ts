import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.js';

/** Three files at a time: these tests share one engine, and most of their time is spent waiting for it. */
export default defineConfig({
  test: {
    root: new URL('.', import.meta.url).pathname,
    include: ['unit/**/*.test.ts', 'integration/**/*.test.ts', 'e2e/**/*.test.ts', 'attack/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    fileParallelism: true,
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
