// What a project on this machine is, and how koalaci would build it.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Detection } from '../../ci/steps/detection/detection.mjs';
import { KoalaError } from '../job/errors.js';
import { type Commit, readCommitted } from './commit.js';
import { loadProgram } from './program.js';

export type { Detection, Finding, Site } from '../../ci/steps/detection/detection.mjs';

/**
 * Looks at a directory, without running anything of it. In a git repository, what is above the directory counts too, as in a build.
 * @throws KoalaError `not_found` if there is no such directory
 */
export async function detectProject(path: string): Promise<Detection> {
  const directory = directoryAt(path);
  const top = repositoryOf(directory) ?? directory;
  const { detect } = await loadProgram();
  return detect(top, relative(top, directory) || '.');
}

/** Looks at a directory, `root`, of a commit. `manager`: the package manager, where that is known. */
export async function detectCommit(commit: Commit, root: string, manager?: string): Promise<Detection> {
  const { detectIn, CommittedFiles } = await loadProgram();
  return detectIn(new CommittedFiles(commit.top, await readCommitted(commit)), root, manager);
}

/** Whether a directory is a project's, or inside of one, and not just any directory. */
export function isInProject(path: string): boolean {
  const signs = ['package.json', 'index.html'];
  return repositoryOf(realpathSync(path)) !== undefined || signs.some((name) => existsSync(join(path, name)));
}

function directoryAt(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return realpathSync(path);
  throw new KoalaError('not_found', `there is no directory ${path}`, {
    remedy:
      'Name the directory of a project, or the address of a repository; without one, it is the current directory.',
  });
}

/** The working tree that a directory belongs to. */
function repositoryOf(directory: string): string | undefined {
  if (existsSync(join(directory, '.git'))) return directory;
  return dirname(directory) === directory ? undefined : repositoryOf(dirname(directory));
}
