import { defineConfig } from 'vitest/config';

/** What `npm run fuzz` and `npm run fuzz:history` run, one file at a time. */
export default defineConfig({
  test: {
    root: new URL('.', import.meta.url).pathname,
    include: ['*.test.ts'],
    hookTimeout: 120_000,
    reporters: ['verbose'],
    disableConsoleIntercept: true,
  },
});
