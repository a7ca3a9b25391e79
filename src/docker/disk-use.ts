// What a container has written on top of its image. Both looks see all of it, whatever modes a build gives its directories, and nothing
// in the container can change what they say.
import { docker } from './cli.js';
import { unless } from './errors.js';

export interface DiskUse {
  /** Of files with holes, the larger of what they take and what they pretend to have: a commit writes holes out in full. */
  bytes: number;
  /** Files, directories and links; undefined if they were not counted. */
  inodes?: number;
}

/** How long a walk may take before it is given up. */
const WALK_SECONDS = 120;

/**
 * Asks the engine, which walks the container's files: fast for a few, and ten times as slow as walkedUse() for many. `directory`: where they
 * are on the engine's machine, if its storage driver keeps them in one. Undefined when the container is gone.
 */
export async function engineUse(
  id: string,
  signal: AbortSignal,
): Promise<(DiskUse & { directory: string }) | undefined> {
  const format = '{{.SizeRw}} {{with .GraphDriver}}{{with .Data}}{{.UpperDir}}{{end}}{{end}}';
  const line = await docker(['container', 'inspect', '--size', '--format', format, id], { signal }).catch(
    unless('gone'),
  );
  if (line === undefined) return undefined;
  const [bytes, directory = ''] = line.trim().split(' ');
  return { bytes: Number(bytes) || 0, directory: directory.startsWith('/') ? directory : '' };
}

/**
 * Walks such a directory in a container of its own, which sees nothing else, can write nothing, and has no network.
 * @throws KoalaError `environment` when it does not run, or takes too long
 */
export async function walkedUse(
  directory: string,
  { image, labels, signal }: { image: string; labels: Record<string, string>; signal: AbortSignal },
): Promise<DiskUse> {
  const alone = [
    '--rm',
    '--init',
    '--network',
    'none',
    '--read-only',
    '--pull',
    'never',
    '--log-driver',
    'none',
  ];
  // Root without this capability cannot enter directories of the build's user that have no rights for others.
  const rights = ['--cap-drop', 'ALL', '--cap-add', 'DAC_READ_SEARCH', '--security-opt', 'no-new-privileges'];
  const bounds = ['--memory', '256m', '--memory-swap', '256m', '--pids-limit', '16', '--cpu-shares', '512'];
  const mount = ['--mount', `type=bind,source=${directory},target=/mnt,readonly`];
  const named = Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
  // It ends by itself, also when nobody can end it any more.
  const bounded = ['timeout', '--kill-after=1', String(WALK_SECONDS)];
  const command = [image, ...bounded, '/koala/steps/disk-use.sh', '/mnt'];
  const line = await docker(['run', ...alone, ...rights, ...bounds, ...mount, ...named, ...command], {
    timeoutMs: (WALK_SECONDS + 10) * 1000,
    signal,
  });
  const [real = 0, apparent = 0, inodes = 0] = line.trim().split(' ').map(Number);
  return { bytes: Math.max(real, apparent), inodes };
}
