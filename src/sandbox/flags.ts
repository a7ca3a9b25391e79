// The flags of a build container: what the build may do and use. Pure, but for the file that seccomp.ts names.
import { createHash } from 'node:crypto';
import { LABEL } from '../docker/names.js';
import type { Limits } from '../job/limits.js';
import { JOB_WAIT_SECONDS, STOP_GRACE_SECONDS } from '../settings/timing.js';
import { BORROWED, ENTRYPOINT, LOCAL_SOURCE, RUN_DIRECTORY } from './protocol.js';
import { seccompProfile } from './seccomp.js';

export interface Sandbox {
  name: string;
  image: string;
  /** The image to run instead when `image` is a snapshot that does not run or was removed. */
  fallback?: string;
  network: string;
  /** Label values: the job, and the process that runs it. The reaper reads them. */
  job: string;
  runner: string;
  attempt: string;
  /** More labels: the owner of a snapshot of this container. */
  labels: Record<string, string>;
  limits: Limits;
  /** Bytes that the engine lets the container have on disk; undefined if it cannot limit them. */
  quota?: number;
  /** The engine's runtime for it; undefined for the engine's default. */
  runtime?: string;
  /** For a standby container: seconds that it waits for a job. */
  waits?: number;
  /** A repository of this machine, mounted read-only. */
  localSource?: string;
  /** The directories of objects that it borrows from other repositories, mounted likewise. */
  borrowed?: string[];
  /** Which directory that is: a container keeps the one that was there when it started. */
  localSourceId?: string;
}

/**
 * Options of the resolver. Builds look up a hundred names at once, and some answers get lost; without these options each costs
 * 5 s.
 */
const RESOLVER = ['timeout:1', 'attempts:10'];

/** Bytes of memory that files in /tmp leave at least: when it is full, the entrypoint must be able to say so. */
const LEAST_BESIDE_TMP = 32 * 1024 ** 2;

/** The arguments of `docker run`. They hold no secret and no text of the job: those go in on stdin. */
export function sandboxArgs(sandbox: Sandbox): string[] {
  return [
    ...identity(sandbox),
    ...wallArgs(sandbox),
    ...(sandbox.quota === undefined ? [] : ['--storage-opt', `size=${sandbox.quota}`]),
    sandbox.image,
    ENTRYPOINT,
    String(sandbox.waits ?? JOB_WAIT_SECONDS),
  ];
}

/** What keeps a container in: the arguments for privileges, resources, and mounts. */
export function wallArgs(
  sandbox: Pick<Sandbox, 'runtime' | 'network' | 'localSource' | 'borrowed'> & {
    limits: Pick<Limits, 'memory' | 'cpus' | 'pids'>;
  },
): string[] {
  return [
    ...['--network', sandbox.network, '--pull', 'never'],
    ...RESOLVER.flatMap((option) => ['--dns-option', option]),
    ...privileges(),
    ...(sandbox.runtime === undefined ? [] : ['--runtime', sandbox.runtime]),
    ...resources(sandbox.limits),
    ...mountsOf(sandbox),
  ];
}

/** A hash of what two sandboxes must share for one's container to serve the other: everything but the job. */
export function compatibilityKey(sandbox: Sandbox): string {
  const { limits, network, localSource, localSourceId, borrowed, quota, runtime } = sandbox;
  const { memory, cpus, pids } = limits;
  const parts = [
    memory,
    cpus,
    pids,
    network,
    localSource ?? '',
    localSourceId ?? '',
    borrowed ?? [],
    RESOLVER,
    quota ?? 0,
    runtime ?? '',
    seccompProfile().digest,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}

function identity({ name, job, runner, attempt, labels }: Sandbox): string[] {
  return [
    '--interactive',
    '--sig-proxy=false',
    '--init',
    ...['--name', name, '--hostname', 'build'],
    ...flagEach('--label', {
      [LABEL.job]: job,
      [LABEL.runner]: runner,
      [LABEL.attempt]: attempt,
      ...labels,
    }),
    // koalaci reads the log live. A copy by the engine would cost more than everything else that is done to a line.
    ...['--log-driver', 'none'],
  ];
}

/** Root in the container may only do what the entrypoint needs: become the build user and end its processes. */
function privileges(): string[] {
  const capabilities = ['SETUID', 'SETGID', 'SETPCAP', 'KILL'];
  return [
    ...['--cap-drop', 'ALL'],
    ...capabilities.flatMap((name) => ['--cap-add', name]),
    ...['--security-opt', 'no-new-privileges'],
    ...['--security-opt', `seccomp=${seccompProfile().path}`],
  ];
}

function resources({ memory, cpus, pids }: Pick<Limits, 'memory' | 'cpus' | 'pids'>): string[] {
  return [
    // Memory and memory with swap are the same figure, so there is no swap.
    ...['--memory', String(memory), '--memory-swap', String(memory), '--oom-score-adj', '500'],
    ...['--cpus', String(cpus), '--cpu-shares', '512'],
    ...['--pids-limit', String(pids)],
    // No nproc: it counts a uid's processes in all containers of the host. The entrypoint limits open files: if the engine
    // itself had fewer than were asked for here, it would not start the container.
    ...['--ulimit', 'core=0'],
    // Chrome crashes with the default of 64 MB.
    ...['--shm-size', '512m'],
    // Not part of a snapshot; counts as memory, of which it leaves a part for processes. node-gyp and esbuild need exec.
    ...[
      '--tmpfs',
      `/tmp:exec,nosuid,nodev,mode=1777,size=${memory - Math.max(Math.floor(memory / 8), LEAST_BESIDE_TMP)}`,
      '--tmpfs',
      `${RUN_DIRECTORY}:nosuid,nodev,noexec,mode=0755,size=16m`,
    ],
    ...['--stop-timeout', String(STOP_GRACE_SECONDS)],
  ];
}

function flagEach(flag: string, values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}

function mountsOf({ localSource, borrowed = [] }: Pick<Sandbox, 'localSource' | 'borrowed'>): string[] {
  if (!localSource) return [];
  const mounts = [mountOf(localSource, LOCAL_SOURCE)];
  for (const [at, path] of borrowed.entries()) mounts.push(mountOf(path, `${BORROWED}/${at}`));
  return mounts.flatMap((mount) => ['--mount', mount]);
}

/** The value of --mount is a line of CSV, and a path may have commas and quotes. */
function mountOf(path: string, target: string): string {
  const source = /[",]/.test(path) ? `"source=${path.replaceAll('"', '""')}"` : `source=${path}`;
  return `type=bind,${source},target=${target},readonly`;
}
