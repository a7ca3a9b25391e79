// An archive that is no file: it is made anew from manifest and objects when somebody wants its bytes.
import { createWriteStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { archiveBytes } from '../artifact/archive-bytes.js';
import { readHead } from '../artifact/manifest-file.js';
import { objectsOf } from '../artifact/objects.js';
import { KoalaError } from '../job/errors.js';
import { partialIn } from '../runner/partials.js';
import { hashOf, type OpenArchive } from './open-file.js';
import { absentArtifact, otherArchive, type Shipped } from './shipped.js';

/** The archive of an artifact that has none. Its size and hash are known; its bytes once check() has made them. */
export class MadeArchive implements OpenArchive {
  readonly #shipped: Shipped;
  readonly #objects: string;
  #file: FileHandle | undefined;

  private constructor(shipped: Shipped, objects: string) {
    this.#shipped = shipped;
    this.#objects = objects;
  }

  /**
   * @param objects the directory of all objects
   * @throws KoalaError `not_found` or `conflict` when the artifact is not here
   */
  static async of(shipped: Shipped, objects: string): Promise<MadeArchive> {
    const head = await readHead(shipped.info.manifest);
    if (head && head.sha256 !== shipped.info.sha256) throw otherArchive(shipped);
    // Its archive was a file, which is gone: with its objects it can be made all the same.
    if (!head || head.digest === undefined) throw absentArtifact(shipped);
    return new MadeArchive(shipped, objects);
  }

  get size(): number {
    return this.#shipped.info.archiveBytes ?? 0;
  }

  get sha256(): string {
    return this.#shipped.info.sha256;
  }

  async check(): Promise<void> {
    this.#file ??= await this.#make();
    if ((await hashOf(this.#file)) !== this.sha256) throw otherArchive(this.#shipped);
  }

  read(start = 0, end = this.size - 1): Readable {
    if (!this.#file) throw new Error('check() comes first');
    return this.#file.createReadStream({ start, end });
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  /** Into a file that has lost its name: it goes with whoever reads it. */
  async #make(): Promise<FileHandle> {
    const { info, user } = this.#shipped;
    const partial = partialIn(dirname(info.manifest));
    try {
      const archive = await archiveBytes(info.manifest, objectsOf(this.#objects, user));
      await pipeline(archive, createWriteStream(partial, { flags: 'wx' }));
      return await open(partial);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw absentArtifact(this.#shipped);
      const what = `the archive of deployment ${this.#shipped.deployment} could not be made`;
      throw new KoalaError('environment', what, {
        remedy:
          'Make room on the disk of the artifacts, and run the command as the user who runs koalaci here.',
        cause,
      });
    } finally {
      await rm(partial, { force: true });
    }
  }
}
