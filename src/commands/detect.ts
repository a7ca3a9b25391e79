// koalaci detect: says what a project is, how koalaci would build it, and why.

import { type Detection, detectProject } from '../detection/detect.js';
import { KoalaError } from '../job/errors.js';
import { printableJson } from '../job/printable.js';
import { drawDetection } from '../ui/detection.js';
import { print } from '../ui/print.js';

export async function detect(path = '.', flags: { json?: boolean } = {}): Promise<void> {
  const found = await detectProject(path);
  print(flags.json ? `${printableJson(found)}\n` : `${drawDetection(found).join('\n')}\n`);
  if (isNothing(found))
    throw new KoalaError('not_found', `there is no project in ${path} that koalaci knows how to build`, {
      remedy: 'Set project_build_command and project_dist_directory of its jobs yourself.',
    });
}

/** Whether there is nothing to be built, neither here nor in a package. */
export function isNothing({ build_command, packages }: Detection): boolean {
  return build_command.value === null && packages.length === 0;
}
