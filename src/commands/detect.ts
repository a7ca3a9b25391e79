// koalaci detect: says what a project is, how koalaci would build it, and why.

import { statSync } from 'node:fs';
import { type Detection, detectProject } from '../detection/detect.js';
import { KoalaError } from '../job/errors.js';
import { printableJson } from '../job/printable.js';
import { isRepositoryUrl, withoutCredentials } from '../job/rules.js';
import { drawDetection } from '../ui/detection.js';
import { columnsOf } from '../ui/paint.js';
import { print } from '../ui/print.js';
import type { RemoteFlags } from './detect-remote.js';

interface DetectFlags extends RemoteFlags {
  json?: boolean;
}

export async function detect(where = '.', flags: DetectFlags = {}): Promise<void> {
  const isRemote = isAddress(where);
  if (!isRemote) refuseFlags(flags);
  const found = isRemote
    ? await (await import('./detect-remote.js')).detectRemote(where, flags)
    : await detectProject(where);
  if (!found) return;
  print(
    flags.json
      ? `${printableJson(found)}\n`
      : `${drawDetection(found, columnsOf(process.stdout)).join('\n')}\n`,
  );
  if (!isNothing(found)) return;
  const shown = isRemote ? withoutCredentials(where) : where;
  throw new KoalaError('not_found', `there is no project in ${shown} that koalaci knows how to build`, {
    remedy: 'Set project_build_command and project_dist_directory of its jobs yourself.',
  });
}

/** Whether there is nothing to be built, neither here nor in a package. */
export function isNothing({ build_command, packages }: Detection): boolean {
  return build_command.value === null && packages.length === 0;
}

/** A directory of that name goes before an address, which has a colon. */
function isAddress(where: string): boolean {
  return /:/.test(where) && isRepositoryUrl(where) && !statSync(where, { throwIfNoEntry: false });
}

function refuseFlags({ branch, root, sshKeyFile }: DetectFlags): void {
  if (branch === undefined && root === undefined && sshKeyFile === undefined) return;
  throw new KoalaError(
    'bad_input',
    '--branch, --root and --ssh-key-file: only go with the address of a repository',
    {
      remedy: 'Of a directory, koalaci looks at what is there now.',
    },
  );
}
