// The flags of a build container: what a stranger's code may do and use. Pure.
import { createHash } from 'node:crypto';
import { LABEL } from '../docker/names.js';
import type { Limits } from '../job/limits.js';

export interface Sandbox {
  name: string;
  image: string;
  /** What to run instead when the image, a snapshot, cannot be run (any more). */
  fallback?: string;
  network: string;
  /** Label values: whose job it is and which process runs it; a sweep reads them. */
  job: string;
  runner: string;
  attempt: string;
  /** More labels: what a snapshot of this container belongs to. */
  labels: Record<string, string>;
  limits: Limits;
  /** For a container that is started ahead: seconds that it waits for a job. */
  waits?: number;
  /** A repository of this machine, mounted read-only. */
  localSource?: string;
}

/** Where a local source is mounted. */
export const LOCAL_SOURCE = '/koala/source';

/** Seconds between TERM and KILL. */
export const GRACE_SECONDS = 5;

/** How long a container waits for the job that it was started for. */
const FEED_SECONDS = 120;

/** The arguments of `docker run`. Nothing secret and nothing of the job's text is among them: that goes in on stdin. */
export function sandboxArgs(sandbox: Sandbox): string[] {
  return [
    ...identity(sandbox),
    ...privileges(),
    ...resources(sandbox.limits),
    ...(sandbox.localSource ? ['--mount', mountOf(sandbox.localSource)] : []),
    sandbox.image,
    '/koala/steps/entrypoint.sh',
    String(sandbox.waits ?? FEED_SECONDS),
  ];
}

/** What two sandboxes must have in common for a container of the one to serve as the other's: all but whose job it is. */
export function compatibilityKey({ limits, network, localSource }: Sandbox): string {
  const { memory, cpus, pids } = limits;
  const parts = [memory, cpus, pids, network, localSource ?? ''];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}

function identity({ name, network, job, runner, attempt, labels }: Sandbox): string[] {
  return [
    '--interactive',
    '--sig-proxy=false',
    '--init',
    ...['--name', name, '--hostname', 'build', '--network', network, '--pull', 'never'],
    ...flagEach('--label', {
      [LABEL.job]: job,
      [LABEL.runner]: runner,
      [LABEL.attempt]: attempt,
      ...labels,
    }),
    // The log is read live; a copy of the engine's would cost more time than all else that happens to a line.
    ...['--log-driver', 'none'],
  ];
}

/** Root in the container is only what the entrypoint needs to become the build user and to end its processes. */
function privileges(): string[] {
  const capabilities = ['SETUID', 'SETGID', 'SETPCAP', 'KILL'];
  return [
    ...['--cap-drop', 'ALL'],
    ...capabilities.flatMap((name) => ['--cap-add', name]),
    ...['--security-opt', 'no-new-privileges'],
  ];
}

function resources({ memory, cpus, pids }: Limits): string[] {
  return [
    // The same figure for memory and memory with swap: no swap.
    ...['--memory', String(memory), '--memory-swap', String(memory), '--oom-score-adj', '500'],
    ...['--cpus', String(cpus), '--cpu-shares', '512'],
    ...['--pids-limit', String(pids)],
    // No nproc: it counts a uid over all containers of the host. Open files are limited by the entrypoint: the engine
    // may itself have less than what is asked for here, and then would not start the container.
    ...['--ulimit', 'core=0'],
    // The default of 64 MB crashes Chrome.
    ...['--shm-size', '512m'],
    // Not committed with a snapshot; exec for node-gyp and esbuild. Counts as memory.
    ...[
      '--tmpfs',
      '/tmp:exec,nosuid,nodev,mode=1777',
      '--tmpfs',
      '/run/koala:nosuid,nodev,noexec,mode=0755,size=16m',
    ],
    ...['--stop-timeout', String(GRACE_SECONDS)],
  ];
}

function flagEach(flag: string, values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}

/** The value of --mount is a line of CSV: a path may hold commas and quotes. */
function mountOf(path: string): string {
  const source = /[",]/.test(path) ? `"source=${path.replaceAll('"', '""')}"` : `source=${path}`;
  return `type=bind,${source},target=${LOCAL_SOURCE},readonly`;
}
