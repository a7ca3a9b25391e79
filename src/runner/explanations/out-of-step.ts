// Words for a lockfile that does not say what package.json asks for. Pure.
import { PACKAGE_MANAGERS } from '../../job/package-managers.js';
import type { Explanation } from './explanation.js';
import { MOST_EXTRACTED } from './extract.js';

/** pnpm's "* 1 dependencies were added: a@1.0.0", bun's "note: dependencies in package.json changed …: a was added". */
const DIFFERENCE = /^\s*\* \d+ .*|^note: dependencies in /;

/** The lockfile of a package manager does not match package.json; its own words may say in what. */
export function outOfStep(
  manager: (typeof PACKAGE_MANAGERS)[number]['name'],
  words: readonly string[] = [],
): Explanation | undefined {
  const differences = words.filter((line) => DIFFERENCE.test(line)).map((line) => line.trim());
  const row = PACKAGE_MANAGERS.find(({ name }) => name === manager);
  return (
    row && {
      id: 'out-of-step',
      fault: 'project',
      message: `${row.lockfile} is out of step with package.json`,
      remedy: `Run "${row.update}" in the project and commit ${row.lockfile}.`,
      ...(differences.length > 0 ? { extract: differences.slice(0, MOST_EXTRACTED) } : {}),
    }
  );
}
