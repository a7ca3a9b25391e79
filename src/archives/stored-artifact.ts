// An artifact that lies in a store, for all machines: its archive, its manifest, and single files of it.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { checkedBytes } from '../artifact/checked-bytes.js';
import { inner } from '../artifact/entries.js';
import { identityOf } from '../artifact/identity.js';
import type { ListedEntry } from '../artifact/listing.js';
import { TarReader } from '../artifact/tar-reader.js';
import type { ArchiveStore, StoredArchive, StoredBytes } from '../upload/archive-store.js';
import { fileAt, noSuchFile } from './file-at.js';
import type { OpenArchive, OpenFile } from './open-file.js';
import { otherArchive, type Shipped } from './shipped.js';

/** No archive has a longer name. */
const MOST_NAME = 64 * 1024;

export class StoredArtifact {
  readonly #shipped: Shipped;
  readonly #archive: StoredArchive;
  readonly #manifest: StoredBytes;

  private constructor(shipped: Shipped, archive: StoredArchive, manifest: StoredBytes) {
    this.#shipped = shipped;
    this.#archive = archive;
    this.#manifest = manifest;
  }

  /** Looks for an artifact in the stores; undefined where none has it. */
  static async find(shipped: Shipped, stores: ArchiveStore[]): Promise<StoredArtifact | undefined> {
    const { user, project, deployment, info } = shipped;
    if (project === undefined) return undefined;
    for (const store of stores) {
      const owner = { user, project, deployment };
      const archive = await store.archive(owner, identityOf(info), info.sha256);
      const manifest = archive && (await store.manifest(owner, identityOf(info)));
      if (manifest) return new StoredArtifact(shipped, archive, manifest);
    }
    return undefined;
  }

  archive(): OpenArchive {
    return { ...opened(this.#archive), sha256: this.#archive.sha256, check: async () => {} };
  }

  manifest(): OpenFile {
    return opened(this.#manifest);
  }

  /**
   * A file. Its bytes come through those of the archive that are before them.
   * @throws KoalaError `not_found` when there is none at that path
   */
  async file(path: string): Promise<OpenArchive> {
    const entry = await this.#entryAt(path);
    const { size = 0, sha256 = '' } = entry;
    const content = () => checkedBytes(this.#contentOf(entry), sha256, () => otherArchive(this.#shipped));
    return {
      ...{ size, sha256 },
      read: (start = 0, end = size - 1) => Readable.from(part(content(), start, end), { objectMode: false }),
      check: async () => {},
      close: async () => {},
    };
  }

  async #entryAt(path: string): Promise<ListedEntry> {
    const directory = await mkdtemp(join(tmpdir(), 'koalaci-manifest-'));
    try {
      const manifest = join(directory, 'manifest.json');
      await pipeline(this.#manifest.read(), createWriteStream(manifest));
      const entry = await fileAt(manifest, path);
      if (entry) return entry;
      throw noSuchFile(this.#shipped, path);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async *#contentOf({ path = '' }: ListedEntry): AsyncGenerator<Uint8Array> {
    const name = Buffer.from(path).toString('latin1');
    let isIn = false;
    let isOver = false;
    let pieces: Buffer[] = [];
    const reader = new TarReader(
      {
        entry: (entry) => {
          isOver ||= isIn;
          isIn = !isOver && entry.type !== '1' && inner(entry.path) === name;
        },
        data: (piece) => {
          if (isIn) pieces.push(Buffer.from(piece));
        },
      },
      MOST_NAME,
    );
    const tar = createGunzip();
    const reading = pipeline(this.#archive.read(), tar).catch(() => {});
    for await (const piece of tar as AsyncIterable<Buffer>) {
      reader.write(piece);
      yield* pieces;
      pieces = [];
      if (isOver) break;
    }
    await reading;
  }
}

function opened({ size, read }: StoredBytes): OpenFile {
  return { size, read, close: async () => {} };
}

async function* part(
  pieces: AsyncIterable<Uint8Array>,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const piece of pieces) {
    const some = piece.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at));
    if (some.length > 0) yield some;
    at += piece.length;
  }
}
