// Has it said of an artifact what it was built from: by a process that nobody waits for.
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RecordFields } from '../job/record.js';
import { parametersOf } from '../provenance/parameters.js';
import type { ProofTask } from '../provenance/prove.js';
import type { RunningBuild } from './build.js';
import { partialIn } from './partials.js';
import type { BuildReporter } from './reporter.js';

/** Megabytes for what it makes of the largest lockfile. */
const MEMORY_MB = 512;

type Reported = Pick<BuildReporter, 'record' | 'defaultBranch'>;

/**
 * Starts the process, which has its task from a file that is in no directory any more: nothing is left of it, whoever dies, and
 * this process need not wait until it is read. If it does not start, only provenance and SBOM are missing.
 */
export function prove(build: RunningBuild, reported: Reported): void {
  const [, program = ''] = process.argv;
  let files: number[] = [];
  try {
    const task = taskFile(build, reported);
    files = [task];
    const log = openSync(build.settings.postBuildLog, 'a', 0o600);
    files.push(log);
    const child = spawn(process.execPath, [`--max-old-space-size=${MEMORY_MB}`, program, 'prove'], {
      detached: true,
      stdio: [task, 'ignore', log],
    });
    child.on('error', () => {});
    child.unref();
  } catch {
    // Such as no room on the disk: the artifact is published all the same.
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** The task, a line of JSON, and then the lockfile, in a file that is open at its start. */
function taskFile(build: RunningBuild, reported: Reported): number {
  const task = taskOf(build, reported);
  const partial = partialIn(dirname(task.paths.archive));
  const file = openSync(partial, 'wx', 0o600);
  try {
    const bytes = Buffer.concat([
      Buffer.from(`${JSON.stringify(task)}\n`),
      build.lockfile?.found?.text ?? Buffer.alloc(0),
    ]);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    return openSync(partial, 'r');
  } finally {
    closeSync(file);
    rmSync(partial, { force: true });
  }
}

function taskOf({ job, lockfile: collector }: RunningBuild, { record, defaultBranch }: Reported): ProofTask {
  const {
    node,
    manager,
    commit = '',
    artifact,
    attempt,
    startedAt = 0,
    endedAt = Date.now(),
  }: Readonly<RecordFields> = record;
  if (!artifact) throw new Error('there is no artifact');
  const { builder, recipe } = job.base;
  const lockfile = collector?.found;
  return {
    paths: { archive: artifact.path, manifest: artifact.manifest },
    ...(lockfile ? { lockfile: { path: lockfile.path, flavour: lockfile.flavour } } : {}),
    built: {
      parameters: parametersOf(job.payload),
      internal: {
        user_id: record.user,
        branch: record.branch,
        ...(defaultBranch === undefined ? {} : { default_branch: defaultBranch }),
        ...(node === undefined ? {} : { node }),
        ...(manager === undefined ? {} : { package_manager: manager }),
        builder_image: builder,
        ...(recipe === undefined ? {} : { builder_recipe: recipe }),
      },
      ...{ commit, artifact: { sha256: artifact.sha256 }, attempt, startedAt, endedAt },
    },
  };
}
