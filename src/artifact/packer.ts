// Makes the artifact: reads the dist directory as a tar and writes a reproducible .tar.gz.
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import type { Cause } from '../job/ending.js';
import { showBytes } from '../job/quantity.js';
import { headOf, normal, whyLeftOut } from './entries.js';

/** Bytes of a block of the tar format. */
const BLOCK = 512;
/** Takes half the time of the default, 6, for 5 % more bytes (measured with HTML and JavaScript). */
const LEVEL = 4;
const CHUNK_BYTES = 64 * 1024;

export interface PackOptions {
  /** Path of the archive, in a directory that exists. It is written under another name first, so nobody sees half of it. */
  file: string;
  /** Most bytes, unpacked. */
  limit: number;
  /** Time of every file in the archive, in seconds since 1970: the commit's, so that the same build gives the same bytes. */
  time: number;
  /** Asked just before the archive gets its name. When it says no, close() throws. */
  mayPublish: () => Promise<boolean>;
}

export interface Packed {
  files: number;
  /** Bytes unpacked, and of the archive. */
  bytes: number;
  archiveBytes: number;
  sha256: string;
  /** The entries that were left out, each with its reason. */
  leftOut: string[];
}

/** Reads the tar piece by piece with write(). Then close() makes the archive, or abort() leaves nothing. */
export class Packer {
  readonly #options: PackOptions;
  readonly #partial: string;
  readonly #parser = new Parser();
  readonly #gzip: Gzip = createGzip({ level: LEVEL, chunkSize: CHUNK_BYTES });
  readonly #hash = createHash('sha256');
  readonly #seen = new Set<string>();
  readonly #packed: Packed = { files: 0, bytes: 0, archiveBytes: 0, sha256: '', leftOut: [] };
  readonly #writing: Promise<void>;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #failure: unknown;

  constructor(options: PackOptions) {
    this.#options = options;
    this.#partial = join(dirname(options.file), `.${randomUUID()}.partial`);
    // parser.write() hands on its entries at once, so only the compressor can be slower than the input.
    this.#parser.on('entry', (entry: ReadEntry) => this.#add(entry));
    const file = createWriteStream(this.#partial, { flush: false });
    this.#writing = pipeline(this.#gzip, this.#measure(), file);
    // close() throws it.
    this.#writing.catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** The cause that ends the build, once it is known. */
  get cause(): Cause | undefined {
    return this.#packed.bytes > this.#options.limit ? tooLarge(this.#options.limit) : undefined;
  }

  /** The entries that were left out so far, each with its reason. */
  get leftOut(): readonly string[] {
    return this.#packed.leftOut;
  }

  write(data: Buffer): void {
    if (!this.cause && !this.#failure) this.#parser.write(data);
  }

  /** A promise while data comes faster than it is compressed. */
  ready(): Promise<unknown> | undefined {
    if (this.#failure || !this.#gzip.writableNeedDrain) return undefined;
    return Promise.race([once(this.#gzip, 'drain'), this.#writing]).catch(() => {});
  }

  /** Puts the archive in its place. Returns a cause instead when the tar's content has to end the build. */
  async close(): Promise<Packed | Cause> {
    this.#parser.end();
    this.#put(Buffer.alloc(2 * BLOCK));
    this.#pass();
    this.#gzip.end();
    await this.#writing;
    const cause = this.cause ?? (this.#packed.files === 0 ? empty(this.leftOut) : undefined);
    if (cause) return cause;
    await flush(this.#partial);
    if (!(await this.#options.mayPublish())) throw new Error("the job is another runner's by now");
    await rename(this.#partial, this.#options.file);
    return { ...this.#packed, sha256: this.#hash.digest('hex') };
  }

  /** Removes the unfinished archive; one that close() has put in its place stays. */
  async abort(): Promise<void> {
    this.#gzip.destroy();
    await this.#writing.catch(() => {});
    await rm(this.#partial, { force: true });
  }

  #measure(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#hash.update(chunk);
        this.#packed.archiveBytes += chunk.length;
        done(null, chunk);
      },
    });
  }

  /** Writes an entry into the archive, or notes why it is left out. */
  #add(entry: ReadEntry): void {
    const path = normal(entry.path);
    const why = path === '.' ? '' : whyLeftOut(entry, path, this.#seen);
    this.#packed.bytes += why === undefined ? entry.size : 0;
    if (why !== undefined || this.cause) {
      if (why) this.#packed.leftOut.push(`${path} (${why})`);
      entry.resume();
      return;
    }
    if (entry.type !== 'Directory') this.#packed.files++;
    this.#seen.add(path);
    this.#put(headOf(entry, path, this.#options.time));
    entry.on('data', (data) => this.#put(data));
    entry.on('end', () => this.#put(Buffer.alloc((BLOCK - (entry.size % BLOCK)) % BLOCK)));
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

async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

function tooLarge(limit: number): Cause {
  return {
    reason: 'artifact_limit',
    step: 'artifact',
    message: `the dist directory has more than ${showBytes(limit)}`,
    remedy: 'Check that it holds only what is to be shipped, or raise KOALACI_ARTIFACT_LIMIT.',
  };
}

function empty([first, ...others]: readonly string[]): Cause {
  const cause = { reason: 'dist_missing', step: 'artifact' } as const;
  if (first === undefined)
    return {
      ...cause,
      message: 'the dist directory is empty',
      remedy: 'Check that the build command writes into project_dist_directory.',
    };
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    ...cause,
    message: `nothing in the dist directory can be shipped: left out ${first}${more}`,
    remedy: 'Copy into project_dist_directory what the links lead to.',
  };
}
