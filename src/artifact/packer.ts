// Makes the artifact: reads the dist directory as a tar and writes a reproducible .tar.gz.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cause } from '../job/ending.js';
import { EntryHasher } from './entry-hasher.js';
import { archiveGzip, CHUNK_BYTES } from './gzip.js';
import type { Hosting } from './hosting.js';
import { Listing, listedEntry } from './listing.js';
import { ObjectWriter } from './object-writer.js';
import type { Noted, Packed } from './pack-answer.js';
import type { PackOptions } from './pack-options.js';
import { type Finding, SecretSearch } from './secret-search.js';
import { Shipment } from './shipment.js';
import { headOf } from './tar-header.js';
import { BLOCK, type TarEntry, TarReader } from './tar-reader.js';

/** Bytes of the "./" that each path in the tar begins with. */
const PREFIX = 2;

/** Reads the tar piece by piece with write(). Then close() completes the archive, or abort() leaves nothing. */
export class Packer {
  readonly #options: PackOptions;
  readonly #reader: TarReader;
  readonly #shipment: Shipment;
  readonly #gzip: Transform = archiveGzip();
  readonly #hash = createHash('sha256');
  readonly #listing: Listing;
  readonly #objects: ObjectWriter;
  readonly #hasher = new EntryHasher((entry, sha256) => this.#complete(entry, sha256));
  readonly #search: SecretSearch;
  #archiveBytes = 0;
  readonly #writing: Promise<void>;
  #isEmpty = true;
  /** Bytes of content that the entry in the archive still gets, and that fill its last block. */
  #wanted = 0;
  #filling = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #failure: unknown;

  constructor(options: PackOptions) {
    this.#options = options;
    const sink = {
      entry: (entry: TarEntry) => {
        this.#wanted = 0;
        this.#shipment.entry(entry);
      },
      data: (piece: Buffer) => this.#content(piece),
    };
    this.#reader = new TarReader(sink, options.limits.path + PREFIX);
    this.#listing = new Listing(options.list);
    this.#objects = new ObjectWriter(options.objects);
    this.#search = new SecretSearch(options.secrets);
    this.#shipment = new Shipment(options.limits, {
      admitted: (entry) => this.#search.entry(entry),
      shipped: (entry) => this.#putEntry(entry),
    });
    this.#writing = pipeline(this.#gzip, this.#measure(), sinkAt(options.file));
    // close() throws it.
    this.#writing.catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** The cause that ends the build, once it is known. */
  get cause(): Cause | undefined {
    return this.#shipment.cause;
  }

  /** What a web server has to know of the entries so far. */
  get hosting(): Hosting {
    return this.#shipment.hosting;
  }

  /** What there is to say about the entries so far. */
  get noted(): Noted {
    return this.#shipment.noted;
  }

  /** The secrets that are in what was read so far. */
  get findings(): Finding[] {
    return this.#search.findings;
  }

  /** @throws Error when the data is not as GNU tar writes it, or the archive cannot be written */
  write(data: Buffer): void {
    this.#isEmpty = false;
    if (this.#failure) throw this.#failure;
    if (!this.cause) this.#reader.write(data);
  }

  /** A promise while data comes faster than it is compressed. */
  ready(): Promise<unknown> | undefined {
    if (this.#failure || !this.#gzip.writableNeedDrain) return undefined;
    return Promise.race([once(this.#gzip, 'drain'), this.#writing]).catch(() => {});
  }

  /**
   * Completes the archive. Returns a cause instead when the tar's content has to end the build.
   * @throws Error when the tar has no end, or the archive could not be written
   */
  async close(): Promise<Packed | Cause> {
    if (this.cause) return this.cause;
    if (!this.#isEmpty && !this.#reader.isComplete) throw new Error('the tar has no end');
    const nothing = this.#shipment.end();
    this.#put(Buffer.alloc(2 * BLOCK));
    this.#pass();
    this.#gzip.end();
    await this.#writing;
    if (nothing) return nothing;
    const digest = this.#listing.close();
    if (this.#options.file !== undefined) await flush(this.#options.file);
    const { files, bytes } = this.#shipment;
    const archive = { archiveBytes: this.#archiveBytes, sha256: this.#hash.digest('hex') };
    return { files, bytes, ...archive, digest };
  }

  /** Removes the archive and the list. Objects that are complete stay, until a prune takes those that nobody needs. */
  async abort(): Promise<void> {
    this.#objects.abort();
    this.#gzip.destroy();
    await this.#writing.catch(() => {});
    for (const path of [this.#options.file, this.#options.list])
      if (path !== undefined) await rm(path, { force: true });
  }

  #measure(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#hash.update(chunk);
        this.#archiveBytes += chunk.length;
        done(null, chunk);
      },
    });
  }

  /** Writes an entry's header into the archive. */
  #putEntry(entry: TarEntry): void {
    const { size } = entry;
    this.#wanted = size;
    this.#filling = (BLOCK - (size % BLOCK)) % BLOCK;
    this.#put(headOf(entry, this.#options.time));
    this.#hasher.entry(entry);
  }

  #content(piece: Buffer): void {
    if (this.#wanted === 0) return;
    this.#wanted -= piece.length;
    this.#objects.data(piece);
    this.#hasher.data(piece);
    this.#search.data(piece);
    this.#put(piece);
    if (this.#wanted === 0) this.#put(Buffer.alloc(this.#filling));
  }

  /** An entry is in the archive with all of its content. */
  #complete(entry: TarEntry, sha256: string): void {
    const listed = listedEntry(entry, sha256);
    if (listed.type === 'file') this.#objects.end({ sha256, mode: listed.mode });
    this.#listing.add(listed);
  }

  /** Collects small files, as each write to the compressor is a trip to another thread. */
  #put(data: Buffer): void {
    this.#waiting.push(data);
    this.#waitingBytes += data.length;
    if (this.#waitingBytes >= CHUNK_BYTES) this.#pass();
  }

  #pass(): void {
    this.#gzip.write(Buffer.concat(this.#waiting));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

function sinkAt(path: string | undefined): Writable {
  if (path !== undefined) return createWriteStream(path, { flags: 'wx', flush: false });
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}
