import { defineConfig } from 'vitest/config';
import { shared } from '../vitest.shared.js';

/** What takes longer than somebody waits who has changed a line. */
export default defineConfig({ test: { ...shared, include: ['long/**/*.test.ts'] } });
