// In which order vitest takes the test files, so that it has something to do on every core until the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take more than a minute, the longest first. */
const LONGEST = (
  'warm managers building sources life failures installing credentials kills serve standby drawn-history engine-faults ' +
  'dependencies tool-caches engines queue-load histories retry gap keep registry snapshot-owners default-branch service-container'
).split(' ');

/** Files that ask the engine take the longest, small ones too. They start first, and the short tests fill the gaps at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => /\/(e2e|long|attack|faults)\//.test(moduleId);
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at === -1 ? LONGEST.length : at;
    };
    const long = sorted.filter(isLong).sort((a, b) => rank(a) - rank(b));
    return [...long, ...sorted.filter((file) => !isLong(file))];
  }
}
