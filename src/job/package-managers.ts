// The package managers that koalaci knows: the one list of them outside the builder image (there: ci/steps/managers). Pure.

export interface PackageManagerRow {
  /** As a job and package.json call it. */
  name: string;
  /** The lockfile that it writes. */
  lockfile: string;
  /** What makes the lockfile fit package.json again. */
  update: string;
  /** Its words when the lockfile does not fit package.json. */
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
    // Classic's, then berry's.
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

/** What a job may name: a package manager, `none`, or `auto`, which leaves it to the project's own files. */
export const PACKAGE_MANAGER_CHOICES = [...PACKAGE_MANAGERS.map(({ name }) => name), 'none', 'auto'] as const;

/** The choices for a reader: "npm, yarn, … or auto". */
export const PACKAGE_MANAGER_WORDS = PACKAGE_MANAGER_CHOICES.join(', ').replace(/, (?=\w+$)/, ' or ');
