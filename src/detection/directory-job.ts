// The job that a directory stands for: what koalaci run builds that is given a directory in place of a job. Pure.
import { basename } from 'node:path';
import type { Commit } from './commit.js';
import type { Detection, Finding } from './detect.js';
import type { Pushed } from './pushed.js';

/** The fields of a job that a user gives; they win over what is found. */
export interface Given {
  projectId?: string | undefined;
  deploymentId?: string | undefined;
  branch?: string | undefined;
  commit?: string | undefined;
  root?: string | undefined;
  buildCommand?: string | undefined;
  packageManager?: string | undefined;
  distDirectory?: string | undefined;
  nodeVersion?: string | undefined;
}

/** A job, not yet validated, and why it is so. */
export interface DirectoryJob {
  payload: Record<string, unknown>;
  /** What names it, each with its reason. */
  names: Record<'project' | 'deployment' | 'branch' | 'commit', Finding>;
  /** How it is built. */
  found: Detection;
}

const MOST_LETTERS = 100;
/** The name of the branch in the job where none is checked out. */
const DETACHED = 'detached';

/**
 * The job for a directory at a commit. `unique` tells its deployment from others of the same commit.
 * @param detected what the commit has there
 * @param pushed where it is fetched from, if that is not this machine
 */
export function directoryJob(
  commit: Commit,
  detected: Detection,
  { given, unique, pushed }: { given: Given; unique: string; pushed?: Pushed },
): DirectoryJob {
  const found = withGiven(detected, given);
  const project = fromFlag(given.projectId, '--project-id') ?? projectOf(commit, detected);
  const deployment = fromFlag(given.deploymentId, '--deployment-id') ?? {
    value: `${project.value}-${commit.sha.slice(0, 7)}-${unique}`,
    ...why('new for each build'),
  };
  const branch = fromFlag(given.branch, '--branch') ?? branchOf(commit, pushed);
  return {
    names: { project, deployment, branch, commit: commitOf(commit, given) },
    found,
    payload: {
      project_id: project.value,
      deployment_id: deployment.value,
      project_branch: branch.value,
      project_commit: commit.sha,
      project_repo_url: pushed?.url ?? commit.top,
      ...(found.root === '.' ? {} : { project_root: found.root }),
      project_build_command: found.build_command.value,
      project_package_manager: found.package_manager.value,
      project_dist_directory: found.dist_directory.value,
      ...(isOwn(found.node_version) ? { node_version: found.node_version.value } : {}),
    },
  };
}

/** Whether koalaci.json says it: that is read where fields are `auto`, and here none is any more. */
function isOwn({ value, file }: Finding): boolean {
  return value !== null && file !== null && basename(file) === 'koalaci.json';
}

/** A field that a user gives; `auto` leaves it open. */
export function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== 'auto';
}

function withGiven(found: Detection, given: Given): Detection {
  return {
    ...found,
    build_command: fromFlag(given.buildCommand, '--build-command') ?? found.build_command,
    package_manager: fromFlag(given.packageManager, '--package-manager') ?? found.package_manager,
    dist_directory: fromFlag(given.distDirectory, '--dist-directory') ?? found.dist_directory,
    node_version: fromFlag(given.nodeVersion, '--node-version') ?? found.node_version,
  };
}

/** The name of its package, else of its directory, with only what an id may have. */
function projectOf({ top }: Commit, { name, root }: Detection): Finding {
  const named = idOf(name.value ?? '');
  if (named !== '') return { ...name, value: named };
  const directory = basename(root === '.' ? top : root);
  return { value: idOf(directory) || 'project', ...why('the name of the directory') };
}

/** `@acme/site` is acme-site. */
function idOf(name: string): string {
  const letters = name.replace(/[^A-Za-z0-9._-]+/g, '-');
  return letters.replace(/^[^A-Za-z0-9]+/, '').slice(0, MOST_LETTERS);
}

function branchOf({ branch }: Commit, pushed: Pushed | undefined): Finding {
  if (pushed?.branch !== undefined && pushed.branch !== branch)
    return { value: pushed.branch, ...why('origin has the commit in it') };
  if (branch === undefined) return { value: DETACHED, ...why('no branch is checked out') };
  return { value: branch, ...why('it is checked out') };
}

function commitOf({ sha, changed }: Commit, { branch, commit }: Given): Finding {
  const asked = commit === undefined ? `the newest of ${branch}` : '--commit';
  return { value: sha, ...why(changed === undefined ? asked : 'HEAD') };
}

function fromFlag(value: string | undefined, flag: string): Finding | undefined {
  return isGiven(value) ? { value, ...why(flag) } : undefined;
}

function why(reason: string): Omit<Finding, 'value'> {
  return { reason, file: null };
}
