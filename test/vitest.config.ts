import { defineConfig } from 'vitest/config';

/** One worker: the e2e tests share one engine, and most of their time is the engine's. */
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
