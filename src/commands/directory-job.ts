// koalaci run DIRECTORY: finds out which job that is, and says so before it is built.

import { randomBytes } from 'node:crypto';
import { type Commit, commitAt } from '../detection/commit.js';
import { type Detection, detectCommit } from '../detection/detect.js';
import { directoryJob, type Given, isGiven } from '../detection/directory-job.js';
import { KoalaError } from '../job/errors.js';
import { visible } from '../job/printable.js';
import { drawDirectoryJob } from '../ui/detection.js';
import { say } from '../ui/print.js';

/** As many changed files are named. */
const NAMED = 3;

/**
 * The payload of the job for a directory, not yet validated.
 * @throws KoalaError `bad_input` where no commit, or no way to build it, is found
 */
export async function readDirectoryJob(
  directory: string,
  flags: Given & { repoUrl?: string },
): Promise<Record<string, unknown>> {
  if (flags.repoUrl !== undefined)
    throw new KoalaError(
      'bad_input',
      `--repo-url: does not go with ${directory}, which is built as it is committed`,
      {
        remedy: 'Leave one of the two out.',
      },
    );
  const commit = await commitAt(directory, flags);
  const manager = isGiven(flags.packageManager) ? flags.packageManager : undefined;
  const detected = await detectCommit(commit, flags.root ?? commit.root, manager);
  const job = directoryJob(commit, detected, { given: flags, unique: randomBytes(3).toString('hex') });
  say(`${drawDirectoryJob(job).join('\n')}\n`);
  sayChanged(commit);
  refuseUnknown(directory, job.found);
  return job.payload;
}

function sayChanged({ changed = [] }: Commit): void {
  if (changed.length === 0) return;
  const names = changed.slice(0, NAMED).map(visible).join(', ');
  const more = changed.length > NAMED ? ', …' : '';
  const files =
    changed.length === 1
      ? '1 change is not committed, and is'
      : `${changed.length} changes are not committed, and are`;
  say(`koalaci: warning: ${files} not built: ${names}${more}\n`);
}

function refuseUnknown(directory: string, { build_command, dist_directory, packages }: Detection): void {
  const unknown = [
    { what: 'build command', flag: '--build-command', found: build_command },
    { what: 'dist directory', flag: '--dist-directory', found: dist_directory },
  ].filter(({ found }) => found.value === null);
  const [first] = unknown;
  if (!first) return;
  const flags = unknown.map(({ flag }) => flag).join(' and ');
  throw new KoalaError(
    'bad_input',
    `koalaci cannot tell the ${first.what} of ${directory}: ${first.found.reason}`,
    {
      remedy:
        packages.length > 1
          ? `Name one: koalaci run ${packages[0]?.root}. Or give --root.`
          : `Give ${flags}.`,
    },
  );
}
