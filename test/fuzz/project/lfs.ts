// A file in LFS: its content, and the pointer to it that git has. Pure.
import { createHash } from 'node:crypto';

/** The line of .gitattributes for such files. */
export const TRACKED = '*.dat filter=lfs diff=lfs merge=lfs -text';

export const VERSIONS = [1, 2, 3];

export const contentOf = (version: number) => `big ${version}\n`.repeat(100);

/** The name under which LFS keeps a content. */
export const oidOf = (content: string) => createHash('sha256').update(content).digest('hex');

export const pointerTo = (content: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(content)}\nsize ${content.length}\n`;
