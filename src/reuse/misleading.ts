// What in a workspace makes manifests and lockfile say too little of what a package depends on: then every file counts. Pure.
import { blocksIn, textOf } from './lockfiles/blocks.js';
import type { PackageManifest } from './workspace.js';

/** The package manager that writes a lockfile, as jobs and package.json call it. */
const WRITERS: Record<string, string> = {
  'pnpm-lock.yaml': 'pnpm',
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'yarn.lock': 'yarn',
};

export interface Workspace {
  /** The manifest at the top of the repository, and that of the package. */
  top: PackageManifest;
  own: PackageManifest | undefined;
  pnpmWorkspace: string | undefined;
  /** The name of its lockfile. */
  lockfile: string;
  /** As the job has it. */
  manager: string;
}

/** Why they do; undefined if they do not. */
export function misleading(workspace: Workspace): string | undefined {
  const { top, own, lockfile, manager, pnpmWorkspace } = workspace;
  const { packageManager = top.packageManager } = own ?? {};
  const named = manager === 'auto' ? packageManager?.replace(/@.*$/s, '') : manager;
  // Without its own lockfile, a package manager chooses versions by the manifests of all packages.
  if (named !== undefined && named !== 'none' && WRITERS[lockfile] !== named)
    return `${lockfile} is not ${named}'s`;
  // What is copied into an installation is seen by no watch; what is linked is.
  if (hasLocal(top.overrides) || hasLocal(top.resolutions) || hasLocal(top.pnpm) || hasLocalIn(pnpmWorkspace))
    return 'its overrides lead to directories';
  return undefined;
}

const LOCAL = /^file:|^\.{0,2}\//;

function hasLocal(value: unknown): boolean {
  if (typeof value === 'string') return LOCAL.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLocal);
}

function hasLocalIn(pnpmWorkspace = ''): boolean {
  return blocksIn(pnpmWorkspace.split(/\r?\n/), 0)
    .filter(({ key }) => key === 'overrides')
    .some((block) => /\bfile:|[\s'"]\.{0,2}\//.test(textOf(block)));
}
