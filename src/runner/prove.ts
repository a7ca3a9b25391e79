// Has it said of an artifact what it was built from: by a process that nobody waits for.
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RecordFields } from '../job/record.js';
import { parametersOf } from '../provenance/parameters.js';
import type { ProofTask } from '../provenance/prove.js';
import type { ReuseProofTask } from '../provenance/prove-reuse.js';
import type { Reused } from '../reuse/decide.js';
import type { BuildSettings, RunningBuild } from './build.js';
import type { RequestedJob } from './job.js';
import { partialIn } from './partials.js';
import type { BuildReporter } from './reporter.js';

/** Megabytes for what it makes of the largest lockfile. */
const MEMORY_MB = 512;

type Reported = Pick<BuildReporter, 'record' | 'defaultBranch'>;

/** Starts it for a build. */
export function prove(build: RunningBuild, reported: Reported): void {
  start(build.settings, () => ({ task: taskOf(build, reported), lockfile: build.lockfile?.found?.text }));
}

/** Starts it for a job that has the artifact of an earlier build. */
export function proveReuse(
  job: Pick<RequestedJob, 'payload'>,
  { entry, refs: { defaultBranch } }: Pick<Reused, 'entry' | 'refs'>,
  { record, settings }: { record: Readonly<RecordFields>; settings: BuildSettings },
): void {
  const { path: archive, manifest } = entry.artifact;
  start(settings, () => {
    const { paths, built } = aboutJob(job, { record, defaultBranch });
    const reused = { deployment: entry.deployment, paths: { archive, manifest } };
    return { task: { paths, reused, built } satisfies ReuseProofTask };
  });
}

/**
 * Starts the process, which has its task from a file that is in no directory any more: nothing is left of it, whoever dies, and
 * this process need not wait until it is read. If it does not start, only provenance and SBOM are missing.
 */
function start({ postBuildLog }: Pick<BuildSettings, 'postBuildLog'>, inputOf: () => Input): void {
  const [, program = ''] = process.argv;
  let files: number[] = [];
  try {
    const task = taskFile(inputOf());
    files = [task];
    const log = openSync(postBuildLog, 'a', 0o600);
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

/** What the process reads: the task, a line of JSON, and then the lockfile. */
interface Input {
  task: ProofTask | ReuseProofTask;
  lockfile?: Buffer | undefined;
}

/** It, in a file that is open at its start. */
function taskFile({ task, lockfile }: Input): number {
  const partial = partialIn(dirname(task.paths.archive));
  const file = openSync(partial, 'wx', 0o600);
  try {
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(task)}\n`), lockfile ?? Buffer.alloc(0)]);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    return openSync(partial, 'r');
  } finally {
    closeSync(file);
    rmSync(partial, { force: true });
  }
}

function taskOf({ job, lockfile: collector }: RunningBuild, reported: Reported): ProofTask {
  const { paths, built } = aboutJob(job, reported);
  const { node, manager }: Readonly<RecordFields> = reported.record;
  const { builder, recipe } = job.base;
  const lockfile = collector?.found;
  return {
    paths,
    ...(lockfile ? { lockfile: { path: lockfile.path, flavour: lockfile.flavour } } : {}),
    built: {
      ...built,
      internal: {
        ...built.internal,
        ...(node === undefined ? {} : { node }),
        ...(manager === undefined ? {} : { package_manager: manager }),
        builder_image: builder,
        ...(recipe === undefined ? {} : { builder_recipe: recipe }),
      },
    },
  };
}

/** What is known of any job that has an artifact. */
function aboutJob(
  { payload }: Pick<RequestedJob, 'payload'>,
  { record, defaultBranch }: { record: Readonly<RecordFields>; defaultBranch: string | undefined },
) {
  const { commit = '', artifact, attempt, startedAt = 0, endedAt = Date.now() } = record;
  if (!artifact) throw new Error('there is no artifact');
  return {
    paths: { archive: artifact.path, manifest: artifact.manifest },
    built: {
      parameters: parametersOf(payload),
      internal: {
        user_id: record.user,
        branch: record.branch,
        ...(defaultBranch === undefined ? {} : { default_branch: defaultBranch }),
      },
      ...{ commit, artifact, attempt, startedAt, endedAt },
    },
  };
}
