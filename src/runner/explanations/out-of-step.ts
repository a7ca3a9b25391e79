// Words for a lockfile that does not say what package.json asks for. Pure.
import { PACKAGE_MANAGERS } from '../../job/package-managers.js';
import type { Explanation } from './explanation.js';

/** The lockfile of a package manager does not match package.json. */
export function outOfStep(manager: (typeof PACKAGE_MANAGERS)[number]['name']): Explanation | undefined {
  const row = PACKAGE_MANAGERS.find(({ name }) => name === manager);
  return (
    row && {
      id: 'out-of-step',
      fault: 'project',
      message: `${row.lockfile} is out of step with package.json`,
      remedy: `Run "${row.update}" in the project and commit ${row.lockfile}.`,
    }
  );
}
