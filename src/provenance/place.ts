// Puts what is said of an artifact beside its archive.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identityOf } from '../artifact/identity.js';
import { readHead } from '../artifact/manifest-file.js';
import type { ArtifactPaths } from '../artifact/paths.js';
import type { Built } from './statement.js';

export interface Place {
  /** The artifact, and which one it is. */
  paths: ArtifactPaths;
  built: Pick<Built, 'artifact' | 'commit'>;
  /** The name of a new file in a directory, which is removed once nobody writes it any more. */
  partialIn: (directory: string) => string;
}

/**
 * Writes a file, unless another build has published under that name since. Under another name first; and it looks and renames at
 * once: another build may publish meanwhile.
 */
export async function place(file: string, text: string, { paths, built, partialIn }: Place): Promise<void> {
  const partial = partialIn(dirname(file));
  try {
    writeFileSync(partial, text, { flag: 'wx' });
    const head = await readHead(paths.manifest);
    const isIt = head && identityOf(head) === identityOf(built.artifact);
    // The same files may be of another commit.
    if (isIt && (head.commit ?? '') === built.commit) renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}
