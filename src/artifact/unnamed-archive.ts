// Makes an archive that is no file into one that has no name: it goes with whoever reads it.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { archiveBytes } from './archive-bytes.js';

/**
 * The archive of an artifact, byte for byte as it was packed. It fails with ENOENT where an object is missing.
 * @param directory the objects of its user
 */
export async function unnamedArchive(manifest: string, directory: string): Promise<FileHandle> {
  const path = join(dirname(manifest), `.${randomBytes(6).toString('hex')}.partial`);
  const file = await open(path, 'wx+');
  try {
    await rm(path);
    for await (const piece of await archiveBytes(manifest, directory)) await file.appendFile(piece as Buffer);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
