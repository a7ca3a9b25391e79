// Opens what was shipped for reading, and makes sure that it is what was shipped.
import type { FileHandle } from 'node:fs/promises';
import { identityOf } from '../artifact/identity.js';
import type { ListedEntry } from '../artifact/listing.js';
import { headIn } from '../artifact/manifest-file.js';
import { objectPathOf, objectsOf } from '../artifact/objects.js';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { handleSha256 } from '../artifact/sha256.js';
import { MadeArchives } from './made-archive.js';
import { asOpen, type OpenArchive, type OpenFile, openFile, openIfThere } from './open-file.js';
import { otherArchive, type Shipped } from './shipped.js';

/** As many files are remembered. */
const MOST_KNOWN = 10_000;

/** Opens archives and single files, and remembers which it has compared with their hash. */
export class Archives {
  /** The hash of each file: one that changes gets another key. */
  readonly #hashes = new Map<string, Promise<string>>();
  readonly #artifacts: Pick<ArtifactDirectory, 'objects'>;
  readonly #made: MadeArchives;

  constructor(artifacts: Pick<ArtifactDirectory, 'objects'>) {
    this.#artifacts = artifacts;
    this.#made = new MadeArchives(artifacts.objects);
  }

  /**
   * Opens the archive of an artifact. Nobody is to get its bytes before check().
   * @throws KoalaError `conflict` when it lies on another machine, or was changed; `not_found` when it is gone; `environment`
   * when it cannot be read
   */
  async open(shipped: Shipped): Promise<OpenArchive> {
    const { path, sha256, archiveBytes: size } = shipped.info;
    const file = await openIfThere(path, shipped);
    if (file && sha256 !== undefined) return this.#checked(file, { sha256, size }, shipped);
    // Of an artifact without an archive, whatever lies in its place is none.
    await file?.close();
    return this.#made.open(shipped);
  }

  /**
   * Opens a file of an artifact, an entry with content of its manifest. Nobody is to get its bytes before check().
   * @throws KoalaError as open()
   */
  async openContent(shipped: Shipped, entry: ListedEntry): Promise<OpenArchive> {
    const path = objectPathOf(objectsOf(this.#artifacts.objects, shipped.user))(entry);
    const { sha256 = '', size } = entry;
    return this.#checked(await openFile(path, shipped), { sha256, size }, shipped);
  }

  async #checked(
    file: FileHandle,
    { sha256, size }: { sha256: string; size: number | undefined },
    shipped: Shipped,
  ): Promise<OpenArchive> {
    if (!(await hasSize(file, size))) {
      await file.close();
      throw otherArchive(shipped);
    }
    const check = async () => {
      if ((await this.#hashOf(file)) !== sha256) throw otherArchive(shipped);
    };
    return { ...(await asOpen(file)), sha256, check };
  }

  async #hashOf(file: FileHandle): Promise<string> {
    const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
    const key = [dev, ino, size, mtimeNs, ctimeNs].join();
    const known = this.#hashes.get(key);
    if (known) return known;
    const hash = handleSha256(file);
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
    if (head && identityOf(head) === identityOf(shipped.info)) return await asOpen(file);
    throw otherArchive(shipped);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function hasSize(file: FileHandle, size: number | undefined): Promise<boolean> {
  const found = await file.stat();
  return found.isFile() && found.size === (size ?? found.size);
}
