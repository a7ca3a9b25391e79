import { defineConfig } from 'vitest/config';
import { shared } from '../vitest.shared.js';
import { Table } from './table.js';

/** Two files at a time: some cases fill the machine. */
export default defineConfig({
  test: {
    ...shared,
    include: ['attack/**/*.test.ts'],
    env: { ATTACK: 'whole' },
    maxWorkers: 2,
    reporters: ['default', new Table()],
  },
});
