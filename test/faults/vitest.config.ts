import { defineConfig } from 'vitest/config';
import { shared } from '../vitest.shared.js';

/** One file at a time: some wait for what takes two minutes, and some load the machine. FAULTS=short has the forms of `npm test`. */
export default defineConfig({
  test: {
    ...shared,
    include: ['faults/**/*.test.ts'],
    env: { FAULTS: process.env.FAULTS ?? 'whole' },
    maxWorkers: 1,
  },
});
