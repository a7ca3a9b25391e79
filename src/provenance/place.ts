// Puts what is said of an artifact beside its archive.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readHead } from '../artifact/manifest-file.js';
import type { ArtifactPaths } from '../artifact/paths.js';

export interface Place {
  /** The artifact, and the hash of its archive. */
  paths: ArtifactPaths;
  sha256: string;
  /** The name of a new file in a directory, which is removed once nobody writes it any more. */
  partialIn: (directory: string) => string;
}

/**
 * Writes a file, unless another build has published under that name since. Under another name first; and it looks and renames at
 * once: another build may publish meanwhile.
 */
export async function place(file: string, text: string, { paths, sha256, partialIn }: Place): Promise<void> {
  const partial = partialIn(dirname(file));
  try {
    writeFileSync(partial, text, { flag: 'wx' });
    const head = await readHead(paths.manifest);
    if (head?.sha256 === sha256) renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}
