// Makes the tree of a release: directories, hard links of the contents, symbolic links.
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { KoalaError } from '../../job/errors.js';
import type { Release, TargetOptions } from '../target.js';
import { type CheckedEntry, checkedEntries } from './checked.js';
import { copyContent } from './copy-content.js';

/** A link takes some microseconds, less than to wait for one. But others want to get on, too. */
const AT_ONCE_MS = 10;

/** Errors where a content cannot be linked, but copied: another disk, none with hard links, too many links of one file. */
const COPIED = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Makes the tree of a release at `root`, which must not be there.
 * @throws KoalaError `conflict` when the artifact is not what was shipped, or its contents are not there any more
 */
export async function makeTree(root: string, release: Release, options: TargetOptions): Promise<void> {
  const entries = checkedEntries(release);
  mkdirSync(root);
  await addTo(root, release, entries, options);
}

/**
 * Adds entries of a release to a tree, in this order. None of them may be there.
 * @throws KoalaError `conflict` when their contents are not there any more
 */
export async function addTo(
  root: string,
  release: Pick<Release, 'deployment' | 'contentOf'>,
  entries: readonly CheckedEntry[],
  { signal, say }: TargetOptions,
): Promise<void> {
  let copied = 0;
  let since = performance.now();
  for (const entry of entries) {
    const content = make(root, release, entry);
    if (content !== undefined) {
      if (copied++ === 0)
        say(`contents are copied, not linked: ${root} is on another disk than koalaci's objects`);
      await copyContent(content, realPath(root, entry.path));
    }
    if (performance.now() - since < AT_ONCE_MS) continue;
    await setImmediate();
    signal.throwIfAborted();
    since = performance.now();
  }
}

/** Makes one entry. Returns the file with its content if that has to be copied. */
function make(
  root: string,
  release: Pick<Release, 'deployment' | 'contentOf'>,
  { entry, path, target }: CheckedEntry,
): string | undefined {
  const place = realPath(root, path);
  if (entry.type === 'directory') mkdirSync(place);
  else if (entry.type === 'link') symlinkSync(Buffer.from(target, 'latin1'), place);
  else {
    const content = release.contentOf(entry);
    try {
      linkSync(content, place);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (COPIED.has(code)) return content;
      if (code === 'ENOENT') throw contentGone(release, error);
      throw error;
    }
  }
  return undefined;
}

/** Where an entry is in the tree at `root`. */
export function realPath(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

function contentGone({ deployment }: Pick<Release, 'deployment'>, cause: unknown): KoalaError {
  return new KoalaError(
    'conflict',
    `some contents of the artifact of deployment ${deployment} are not there any more`,
    {
      remedy: 'Run the job again.',
      cause,
    },
  );
}
