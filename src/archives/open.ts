// Opens the files of an artifact for reading: once each, so that what is put in its place meanwhile is never mixed with it.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { headIn } from '../artifact/manifest-file.js';
import { KoalaError } from '../job/errors.js';
import type { ArtifactInfo } from '../job/record.js';
import { absentArtifact, otherArchive, type Shipped } from './shipped.js';

const PIECE_BYTES = 256 * 1024;
/** As many files are remembered. */
const MOST_KNOWN = 10_000;

/** A file that is open. It is closed by close(), or by the end of the stream from read(). */
export interface OpenFile {
  size: number;
  /** The bytes from `start` to `end`, both included. */
  read: (start?: number, end?: number) => Readable;
  close: () => Promise<void>;
}

export interface OpenArchive extends OpenFile {
  sha256: string;
  /**
   * Makes sure that its bytes are those whose hash the record has. That takes a second for a gigabyte, once for each file.
   * @throws KoalaError `conflict` when they are not
   */
  check: () => Promise<void>;
}

/** Opens archives, and remembers which files it has compared with their hash. */
export class Archives {
  /** The hash of each file: one that changes gets another key. */
  readonly #hashes = new Map<string, Promise<string>>();

  /**
   * Opens the archive of an artifact. Nobody is to get its bytes before check().
   * @throws KoalaError `conflict` when it lies on another machine, or was changed; `not_found` when it is gone; `environment`
   * when it cannot be read
   */
  async open(shipped: Shipped): Promise<OpenArchive> {
    const { info } = shipped;
    const file = await openFile(info.path, shipped);
    if (!(await hasSize(file, info))) {
      await file.close();
      throw otherArchive(shipped);
    }
    const check = async () => {
      if ((await this.#hashOf(file)) !== info.sha256) throw otherArchive(shipped);
    };
    return { ...(await asOpen(file)), sha256: info.sha256, check };
  }

  async #hashOf(file: FileHandle): Promise<string> {
    const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
    const key = [dev, ino, size, mtimeNs, ctimeNs].join();
    const known = this.#hashes.get(key);
    if (known) return known;
    const hash = hashOf(file);
    this.#hashes.set(key, hash);
    hash.catch(() => this.#hashes.delete(key));
    const [oldest] = this.#hashes.keys();
    if (this.#hashes.size > MOST_KNOWN && oldest !== undefined) this.#hashes.delete(oldest);
    return hash;
  }
}

/**
 * Opens the manifest of an artifact.
 * @throws KoalaError as Archives.open(), and when it is of another archive
 */
export async function openManifest(shipped: Shipped): Promise<OpenFile> {
  const file = await openFile(shipped.info.manifest, shipped);
  try {
    const head = await headIn(file);
    if (head?.sha256 === shipped.info.sha256) return await asOpen(file);
    throw otherArchive(shipped);
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Opens a file of an artifact.
 * @throws KoalaError `conflict` or `not_found` when it is not there, `environment` when it cannot be read
 */
export async function openFile(path: string, shipped: Shipped): Promise<FileHandle> {
  try {
    // Without O_NONBLOCK, a pipe that somebody put there would be waited for.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw absentArtifact(shipped);
    throw new KoalaError('environment', `the artifact of deployment ${shipped.deployment} cannot be read`, {
      remedy: 'Run the command as the user who runs koalaci here.',
      cause,
    });
  }
}

async function hasSize(file: FileHandle, { archiveBytes }: ArtifactInfo): Promise<boolean> {
  const found = await file.stat();
  return found.isFile() && found.size === (archiveBytes ?? found.size);
}

/** The sha256 of a file. */
export async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const bytes = file.createReadStream({ start: 0, highWaterMark: PIECE_BYTES, autoClose: false });
  for await (const piece of bytes) hash.update(piece);
  return hash.digest('hex');
}

async function asOpen(file: FileHandle): Promise<OpenFile> {
  const { size } = await file.stat();
  return {
    size,
    read: (start = 0, end = size - 1) => file.createReadStream({ start, end, highWaterMark: PIECE_BYTES }),
    close: () => file.close(),
  };
}
