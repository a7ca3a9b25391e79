import { defineConfig } from 'vitest/config';
import { shared } from './vitest.shared.js';

export default defineConfig({
  test: {
    ...shared,
    include: ['unit', 'integration', 'e2e', 'attack', 'faults'].map((folder) => `${folder}/**/*.test.ts`),
  },
});
