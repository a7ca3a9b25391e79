// The package managers that koalaci supports. Inside the builder image, ci/steps/managers has its own list. Pure.

export interface PackageManagerRow {
  /** Its name in a job and in package.json. */
  name: string;
  /** The lockfile that it writes. */
  lockfile: string;
  /** The command that makes the lockfile match package.json again. */
  update: string;
  /** Matches its output when the lockfile does not match package.json. */
  outOfStep: RegExp;
}

export const PACKAGE_MANAGERS = [
  {
    name: 'npm',
    lockfile: 'package-lock.json',
    update: 'npm install',
    outOfStep:
      /can only install packages when your package\.json and package-lock\.json|npm (error|ERR!) (code )?EUSAGE/i,
  },
  {
    name: 'yarn',
    lockfile: 'yarn.lock',
    update: 'yarn install',
    // The first alternative is for yarn classic, the others are for berry.
    outOfStep: /Your lockfile needs to be updated|YN0028|lockfile would have been (modified|created)/i,
  },
  {
    name: 'pnpm',
    lockfile: 'pnpm-lock.yaml',
    update: 'pnpm install',
    outOfStep: /ERR_PNPM_OUTDATED_LOCKFILE|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH/,
  },
  {
    name: 'bun',
    lockfile: 'bun.lock',
    update: 'bun install',
    outOfStep: /lockfile had changes, but lockfile is frozen/i,
  },
] as const satisfies PackageManagerRow[];

/** The choices of a job: a package manager, `none`, or `auto`, which decides by the files of the project. */
export const PACKAGE_MANAGER_CHOICES = [...PACKAGE_MANAGERS.map(({ name }) => name), 'none', 'auto'] as const;

/** The choices in words: "npm, yarn, … or auto". */
export const PACKAGE_MANAGER_WORDS = PACKAGE_MANAGER_CHOICES.join(', ').replace(/, (?=\w+$)/, ' or ');
