// How and where the engine keeps images and containers, as the inspection of an image shows it.
import { readFile } from 'node:fs/promises';

export interface Storage {
  /** The storage driver, such as `overlay2`; empty if the engine does not say. */
  driver: string;
  /** A directory on the file system of its data, on the engine's machine; undefined if the engine does not say. */
  root: string | undefined;
}

/** What `{{json .GraphDriver}}` of an image says. Pure. */
export function parseStorage(graph: unknown): Storage {
  const { Name = '', Data } = (graph ?? {}) as { Name?: string; Data?: Record<string, string> | null };
  // The directory above the driver's: any user may ask for the space there.
  const [root] = (Data?.UpperDir ?? Data?.Mountpoint ?? '').split(`/${Name}/`);
  return { driver: Name, root: root?.startsWith('/') && Name ? root : undefined };
}

/** Of a limit: so much more the engine allows, so that it is koalaci that ends a build, and says why. */
const ABOVE = 1.1;

/**
 * What the engine should let a container have on disk, in bytes, for a limit of so many; undefined if it cannot limit that. `image`:
 * the bytes of its image, which btrfs and zfs count too.
 */
export async function quotaOf(
  storage: Storage | undefined,
  { limit, image }: { limit: number; image: number },
): Promise<number | undefined> {
  if (!storage || !(await canLimitSize(storage))) return undefined;
  return Math.ceil(limit * ABOVE) + (storage.driver === 'overlay2' ? 0 : image);
}

/** Whether the engine can set a limit for what a container writes: `--storage-opt size=`. */
export async function canLimitSize(storage: Storage): Promise<boolean> {
  if (storage.driver !== 'overlay2' || !storage.root) return isLimiting(storage, '');
  return isLimiting(storage, await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
}

/**
 * btrfs and zfs always can; overlay2 can on xfs with project quotas. `mountinfo`: this machine's /proc/self/mountinfo. Pure.
 */
export function isLimiting({ driver, root }: Storage, mountinfo: string): boolean {
  if (driver === 'btrfs' || driver === 'zfs') return true;
  if (driver !== 'overlay2' || !root) return false;
  const mounts = mountinfo.split('\n').map((line) => line.split(' '));
  // Of the mounts above the directory, the one with the longest path has it; of several on one path, the last one.
  const isAbove = (point = '') => point === '/' || root === point || root.startsWith(`${point}/`);
  const above = mounts.filter(([, , , , point]) => isAbove(point));
  const [mount = []] = above.reverse().sort((a, b) => (b[4]?.length ?? 0) - (a[4]?.length ?? 0));
  const [type, , options = ''] = mount.slice(mount.indexOf('-') + 1);
  return type === 'xfs' && options.split(',').some((option) => option === 'prjquota' || option === 'pquota');
}
