// Words for a dependency that is a directory of the repository, and is not there. Pure.
import type { Row } from './row.js';

/** What the rows of all package managers have alike; their words name the directory first. */
export const NO_DIRECTORY: Pick<Row, 'id' | 'cause' | 'fault' | 'remedy'> = {
  id: 'directory-missing',
  cause: ([, path = '']) =>
    `a dependency is the directory ${path.replace(/^\/workspace\//, '')}, which is not there`,
  fault: 'project',
  remedy:
    'Commit that directory, or correct its path in package.json; it may be in .gitignore, or a submodule that was not added.',
};
