import { defineConfig } from 'vitest/config';

/** Three files at a time: the e2e tests share one engine, and most of their time is spent waiting for it. */
export default defineConfig({
  test: {
    root: new URL('.', import.meta.url).pathname,
    include: ['unit/**/*.test.ts', 'integration/**/*.test.ts', 'e2e/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    fileParallelism: true,
    maxWorkers: 3,
  },
});
