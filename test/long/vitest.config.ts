import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../vitest.config.js';

const { include: _, ...rest } = shared.test ?? {};

/** What takes longer than somebody waits who has changed a line. */
export default mergeConfig({ test: rest }, defineConfig({ test: { include: ['long/**/*.test.ts'] } }));
