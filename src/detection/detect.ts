// What a project on this machine is, and how koalaci would build it. The program is that of the builds: ci/steps/detection.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Detection } from '../../ci/steps/detection/detection.mjs';
import { KoalaError } from '../job/errors.js';
import { isRepositoryUrl } from '../job/rules.js';

export type { Detection, Finding, Site } from '../../ci/steps/detection/detection.mjs';

/**
 * Looks at a directory, without running anything of it. In a git repository, what is above the directory counts too, as in a build.
 * @throws KoalaError `bad_input` for an address, `not_found` if there is no such directory
 */
export async function detectProject(path: string): Promise<Detection> {
  const directory = directoryAt(path);
  const top = repositoryOf(directory) ?? directory;
  const { detect } = (await import(pathToFileURL(programPath()).href)) as {
    detect: (top: string, root: string) => Detection;
  };
  return detect(top, relative(top, directory) || '.');
}

/** Whether a directory is a project's, or inside of one, and not just any directory. */
export function isInProject(path: string): boolean {
  const signs = ['package.json', 'index.html'];
  return repositoryOf(realpathSync(path)) !== undefined || signs.some((name) => existsSync(join(path, name)));
}

function directoryAt(path: string): string {
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isDirectory) return realpathSync(path);
  if (isDirectory === undefined && isRepositoryUrl(path) && /:/.test(path))
    throw new KoalaError('bad_input', `${path} is an address; koalaci detect looks at a directory`, {
      remedy:
        'Clone it, and name the clone. Or build it with "auto" as its build command and dist directory.',
    });
  throw new KoalaError('not_found', `there is no directory ${path}`, {
    remedy: 'Name the directory of a project; without one, it is the current directory.',
  });
}

/** The working tree that a directory belongs to. */
function repositoryOf(directory: string): string | undefined {
  if (existsSync(join(directory, '.git'))) return directory;
  return dirname(directory) === directory ? undefined : repositoryOf(dirname(directory));
}

function programPath(): string {
  // Compiled, this file is in dist/.
  const places = ['../ci/steps/detection/detect.mjs', '../../ci/steps/detection/detect.mjs'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return paths.find((place) => existsSync(place)) ?? paths[0] ?? '';
}
