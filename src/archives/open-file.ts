// Opens a file of an artifact for reading: once, so that what is put in its place meanwhile is never mixed with it.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { KoalaError } from '../job/errors.js';
import { absentArtifact, type Shipped } from './shipped.js';

const PIECE_BYTES = 256 * 1024;

/** A file that is open. It is closed by close(), or by the end of the stream from read(). */
export interface OpenFile {
  readonly size: number;
  /** The bytes from `start` to `end`, both included. */
  read(start?: number, end?: number): Readable;
  close(): Promise<void>;
}

export interface OpenArchive extends OpenFile {
  readonly sha256: string;
  /**
   * Makes sure that its bytes are those whose hash is known. That takes a second for a gigabyte, once for each file.
   * @throws KoalaError `conflict` when they are not
   */
  check(): Promise<void>;
}

/**
 * Opens a file of an artifact.
 * @throws KoalaError `conflict` or `not_found` when it is not there, `environment` when it cannot be read
 */
export async function openFile(path: string, shipped: Shipped): Promise<FileHandle> {
  const file = await openIfThere(path, shipped);
  if (file) return file;
  throw absentArtifact(shipped);
}

/**
 * The same, but undefined where nothing is there.
 * @throws KoalaError `environment` when it cannot be read
 */
export async function openIfThere(path: string, shipped: Shipped): Promise<FileHandle | undefined> {
  try {
    // Without O_NONBLOCK, a pipe that somebody put there would be waited for.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new KoalaError('environment', `the artifact of deployment ${shipped.deployment} cannot be read`, {
      remedy: 'Run the command as the user who runs koalaci here.',
      cause,
    });
  }
}

/** What callers get of a file that is open. */
export async function asOpen(file: FileHandle): Promise<OpenFile> {
  const { size } = await file.stat();
  return {
    size,
    read: (start = 0, end = size - 1) => {
      // Of nothing there is no last byte.
      if (size === 0) return file.createReadStream({ start: 0 });
      return file.createReadStream({ start, end, highWaterMark: PIECE_BYTES });
    },
    close: () => file.close(),
  };
}
