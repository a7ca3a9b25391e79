// What to type to the project's package manager. Pure.
import { PACKAGE_MANAGERS } from '../../job/package-managers.js';
import type { Failure } from './explanation.js';

const ADD = { npm: 'npm install', yarn: 'yarn add', pnpm: 'pnpm add', bun: 'bun add' } as const;
const ADD_TO_BUILD = {
  npm: 'npm install --save-dev',
  yarn: 'yarn add --dev',
  pnpm: 'pnpm add --save-dev',
  bun: 'bun add --dev',
} as const;

/** The row of the project's package manager; npm's where it is not known. */
export function managerOf({ manager }: Pick<Failure, 'manager'>) {
  return PACKAGE_MANAGERS.find(({ name }) => name === manager?.split(' ')[0]) ?? PACKAGE_MANAGERS[0];
}

/** How a package is added to the project. */
export function addPackage(name: string, failure: Failure): string {
  const { name: manager, lockfile } = managerOf(failure);
  if (failure.omits)
    return `${failure.omits} in env has devDependencies left out: unset it, or move ${name} to the dependencies.`;
  return `Run "${ADD[manager]} ${name}" and commit package.json and ${lockfile}.`;
}

/** How a package is added that only builds need. */
export function addToBuild(packages: string, failure: Failure): string {
  const { name: manager, lockfile } = managerOf(failure);
  return `Run "${ADD_TO_BUILD[manager]} ${packages}" and commit package.json and ${lockfile}`;
}
