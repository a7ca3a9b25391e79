// The detection of the steps (ci/steps/detection), run on small projects.
import { detect as detectIn } from '../../ci/steps/detection/detect.mjs';
import type { Detection } from '../../src/detection/detect.js';
import { workspaceOf } from './steps.js';

type Fields = Record<string, unknown>;

/** A package.json with fields, and with dependencies by their names. */
export function manifest(dependencies: readonly string[], fields: Fields = {}): string {
  return JSON.stringify({
    dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])),
    ...fields,
  });
}

/** What is found in a project with these files, below `root`. */
export async function detect(
  files: Record<string, string>,
  root = '.',
  manager?: string,
): Promise<Detection> {
  return detectIn(await workspaceOf(files), root, manager);
}

/** Its framework, command and dist directory. */
export function summary({
  framework,
  build_command,
  dist_directory,
}: Omit<Detection, 'root'>): (string | null)[] {
  return [framework.value, build_command.value, dist_directory.value];
}
