// koalaci run DIRECTORY: finds out which job that is, and says so before it is built.

import { randomBytes } from 'node:crypto';
import { type Commit, commitAt } from '../detection/commit.js';
import { type Detection, detectCommit } from '../detection/detect.js';
import { directoryJob, type Given, isGiven } from '../detection/directory-job.js';
import { pushedTo } from '../detection/pushed.js';
import { commitWorkingTree } from '../detection/working-tree.js';
import { KoalaError } from '../job/errors.js';
import { visible } from '../job/printable.js';
import { drawDirectoryJob } from '../ui/detection.js';
import { columnsOf } from '../ui/paint.js';
import { say } from '../ui/print.js';

/** As many changed files are named. */
const NAMED = 3;

/**
 * The payload of the job for a directory, not yet validated.
 * @throws KoalaError `bad_input` where no commit, or no way to build it, is found
 */
export async function readDirectoryJob(
  directory: string,
  flags: Given & { repoUrl?: string; dirty?: boolean },
  isElsewhere: boolean,
): Promise<Record<string, unknown>> {
  refuseDirty(flags, isElsewhere);
  if (flags.repoUrl !== undefined)
    throw new KoalaError(
      'bad_input',
      `--repo-url: does not go with ${directory}, which is built as it is committed`,
      {
        remedy: 'Leave one of the two out.',
      },
    );
  const asItIs = await commitAt(directory, flags);
  const pushed = isElsewhere ? await pushedTo(asItIs) : undefined;
  const commit = flags.dirty ? await commitWorkingTree(asItIs) : asItIs;
  const manager = isGiven(flags.packageManager) ? flags.packageManager : undefined;
  const detected = await detectCommit(commit, flags.root ?? commit.root, manager);
  const unique = randomBytes(3).toString('hex');
  const job = directoryJob(commit, detected, { given: flags, unique, ...(pushed ? { pushed } : {}) });
  say(`${drawDirectoryJob(job, columnsOf(process.stderr)).join('\n')}\n`);
  sayChanged(asItIs, flags.dirty ?? false);
  refuseUnknown(directory, job.found);
  return job.payload;
}

/** What only this machine has can be built only here, and only as it is now. */
function refuseDirty({ dirty, branch, commit }: Given & { dirty?: boolean }, isElsewhere: boolean): void {
  if (dirty && isElsewhere)
    throw new KoalaError('bad_input', '--dirty: the service fetches what is pushed, and nothing else', {
      remedy: 'Commit and push the changes, or build them on this machine: without --server.',
    });
  if (dirty && (branch !== undefined || commit !== undefined))
    throw new KoalaError('bad_input', '--dirty: does not go with --branch or --commit', {
      remedy: 'It builds the working tree as it is.',
    });
}

function sayChanged({ changed = [] }: Commit, isBuilt: boolean): void {
  if (changed.length === 0) return;
  const names = changed.slice(0, NAMED).map(visible).join(', ');
  const more = changed.length > NAMED ? ', …' : '';
  const [what, verb] = changed.length === 1 ? ['1 change', 'is'] : [`${changed.length} changes`, 'are'];
  const files = `${what} ${verb} not committed, and ${verb}`;
  if (isBuilt) say(`koalaci: ${files} built: ${names}${more}\n`);
  else say(`koalaci: warning: ${files} not built: ${names}${more}\n`);
}

function refuseUnknown(
  directory: string,
  { build_command, package_manager, dist_directory, packages }: Detection,
): void {
  const unknown = [
    { what: 'build command', flag: '--build-command', found: build_command },
    { what: 'package manager', flag: '--package-manager', found: package_manager },
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
