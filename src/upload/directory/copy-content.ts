// Copies a content where it cannot be linked: with its mode, and with its time, of which servers make the ETag.
import { constants } from 'node:fs';
import { copyFile, open, stat } from 'node:fs/promises';

/** Copies a content to a path at which nothing is, and has it on the disk. */
export async function copyContent(content: string, path: Buffer): Promise<void> {
  // On some file systems, the copy shares the blocks.
  await copyFile(content, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const { mode, mtimeMs } = await stat(content);
  await using file = await open(path, 'r');
  await file.chmod(mode & 0o777);
  await file.utimes(mtimeMs / 1_000, mtimeMs / 1_000);
  await file.sync();
}
