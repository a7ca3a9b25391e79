// The package managers that koalaci supports. Inside the builder image, ci/steps/managers has its own list. Pure.

export interface PackageManagerRow {
  /** Its name in a job and in package.json. */
  name: string;
  /** The lockfile that it writes. */
  lockfile: string;
  /** The command that makes the lockfile match package.json again. */
  update: string;
}

export const PACKAGE_MANAGERS = [
  {
    name: 'npm',
    lockfile: 'package-lock.json',
    update: 'npm install',
  },
  {
    name: 'yarn',
    lockfile: 'yarn.lock',
    update: 'yarn install',
  },
  {
    name: 'pnpm',
    lockfile: 'pnpm-lock.yaml',
    update: 'pnpm install',
  },
  {
    name: 'bun',
    lockfile: 'bun.lock',
    update: 'bun install',
  },
] as const satisfies PackageManagerRow[];

/** The choices of a job: a package manager, `none`, or `auto`, which decides by the files of the project. */
export const PACKAGE_MANAGER_CHOICES = [...PACKAGE_MANAGERS.map(({ name }) => name), 'none', 'auto'] as const;

/** The choices in words: "npm, yarn, … or auto". */
export const PACKAGE_MANAGER_WORDS = PACKAGE_MANAGER_CHOICES.join(', ').replace(/, (?=\w+$)/, ' or ');
