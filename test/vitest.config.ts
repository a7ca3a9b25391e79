import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take more than a minute, the longest first. */
const LONGEST =
  'histories warm serve managers failures life dependencies registry tool-caches keep retry gap'.split(' ');

/** The e2e files take the longest, small ones too. They start first, and the short tests fill the gaps at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/e2e/');
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/e2e/${name}.test.ts`));
      return at === -1 ? LONGEST.length : at;
    };
    const long = sorted.filter(isLong).sort((a, b) => rank(a) - rank(b));
    return [...long, ...sorted.filter((file) => !isLong(file))];
  }
}

/** Three files at a time: the e2e tests share one engine, and most of their time is spent waiting for it. */
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
