// An archive that is no file: it is made anew from manifest and objects when somebody wants its bytes.
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { identityOf } from '../artifact/identity.js';
import { readHead } from '../artifact/manifest-file.js';
import { objectsOf } from '../artifact/objects.js';
import { handleSha256 } from '../artifact/sha256.js';
import { unnamedArchive } from '../artifact/unnamed-archive.js';
import { KoalaError } from '../job/errors.js';
import type { OpenArchive } from './open-file.js';
import { absentArtifact, otherArchive, type Shipped } from './shipped.js';

/** What is known of an archive without its bytes. */
interface Facts {
  sha256: string;
  size: number;
}

/** As many are remembered of those that nobody knew before they were made. */
const MOST_KNOWN = 1_000;

/** The archives of artifacts that have none. */
export class MadeArchives {
  /** By the digest and the time of an artifact, of which its archive is made. */
  readonly #known = new Map<string, Promise<Facts>>();
  readonly #objects: string;

  /** @param objects the directory of all objects */
  constructor(objects: string) {
    this.#objects = objects;
  }

  /**
   * The archive of an artifact. Unless its record knows size and hash, it is made for that once.
   * @throws KoalaError `not_found` or `conflict` when the artifact is not here
   */
  async open(shipped: Shipped): Promise<OpenArchive> {
    const { info } = shipped;
    const head = await readHead(info.manifest);
    if (head && identityOf(head) !== identityOf(info)) throw otherArchive(shipped);
    // Its archive was a file, which is gone: with its objects it can be made all the same.
    if (!head || head.digest === undefined) throw absentArtifact(shipped);
    const { sha256, archiveBytes: size = 0 } = info;
    if (sha256 !== undefined) return new MadeArchive(shipped, this.#objects, { sha256, size });
    return this.#measured(shipped, `${head.digest} ${head.archive_time}`);
  }

  async #measured(shipped: Shipped, key: string): Promise<OpenArchive> {
    const known = this.#known.get(key);
    if (known) return new MadeArchive(shipped, this.#objects, await known);
    const making = makeArchive(shipped, this.#objects);
    const facts = making.then(factsOf);
    this.#known.set(key, facts);
    facts.catch(() => this.#known.delete(key));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return new MadeArchive(shipped, this.#objects, await facts, await making);
  }
}

class MadeArchive implements OpenArchive {
  readonly #shipped: Shipped;
  readonly #objects: string;
  readonly sha256: string;
  readonly size: number;
  #file: FileHandle | undefined;

  constructor(shipped: Shipped, objects: string, { sha256, size }: Facts, file?: FileHandle) {
    this.#shipped = shipped;
    this.#objects = objects;
    this.sha256 = sha256;
    this.size = size;
    this.#file = file;
  }

  async check(): Promise<void> {
    this.#file ??= await makeArchive(this.#shipped, this.#objects);
    if ((await handleSha256(this.#file)) !== this.sha256) throw otherArchive(this.#shipped);
  }

  read(start = 0, end = this.size - 1): Readable {
    if (!this.#file) throw new Error('check() comes first');
    return this.#file.createReadStream({ start, end });
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

async function factsOf(file: FileHandle): Promise<Facts> {
  const [{ size }, sha256] = await Promise.all([file.stat(), handleSha256(file)]);
  return { size, sha256 };
}

async function makeArchive(shipped: Shipped, objects: string): Promise<FileHandle> {
  const { info, user, deployment } = shipped;
  try {
    return await unnamedArchive(info.manifest, objectsOf(objects, user));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw absentArtifact(shipped);
    throw new KoalaError('environment', `the archive of deployment ${deployment} could not be made`, {
      remedy:
        'Make room on the disk of the artifacts, and run the command as the user who runs koalaci here.',
      cause,
    });
  }
}
