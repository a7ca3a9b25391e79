// A file in LFS, and its versions. Pure.

/** The line of .gitattributes for such files. */
export const TRACKED = '*.dat filter=lfs diff=lfs merge=lfs -text';

export const VERSIONS = [1, 2, 3];

export const contentOf = (version: number) => `big ${version}\n`.repeat(100);
