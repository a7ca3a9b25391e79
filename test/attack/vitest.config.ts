import { defineConfig } from 'vitest/config';
import { Table } from './table.js';

/** Two files at a time: some cases fill the machine. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['attack/**/*.test.ts'],
    env: { ATTACK: 'whole' },
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ['default', new Table()],
  },
});
