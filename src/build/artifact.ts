// Makes the artifact: what docker streams out of the stopped container, as a reproducible .tar.gz beside a manifest.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { Header, Parser, Pax, type ReadEntry } from 'tar';
import { copyOut } from '../docker/container.js';
import { engineError } from '../docker/errors.js';
import { showBytes } from '../job/quantity.js';
import type { Cause } from '../job/status.js';

/** Of the tar format. */
const BLOCK = 512;

export interface PackOptions {
  container: string;
  /** Absolute path of the dist directory in the container. */
  dist: string;
  /** Where the archive goes; written under another name first, so that a half-written one is never seen. */
  file: string;
  /** Most bytes, unpacked. */
  limit: number;
  /** Time of every file in the archive (the commit's), in seconds since 1970: the same build gives the same bytes. */
  time: number;
  /** Asked before the archive gets its name; without leave, packArtifact() throws. */
  mayPublish: () => Promise<boolean>;
  /** Ends the packing; packArtifact() then throws. */
  signal: AbortSignal;
}

export interface Packed {
  files: number;
  /** Bytes unpacked, and of the archive. */
  bytes: number;
  archiveBytes: number;
  sha256: string;
  /** Entries that were left out, each with the reason. */
  leftOut: string[];
}

/** Packs the dist directory. Returns the cause when the build has to fail for it. */
export async function packArtifact(options: PackOptions): Promise<Packed | Cause> {
  const partial = join(dirname(options.file), `.${Date.now()}-${process.pid}.partial`);
  await mkdir(dirname(options.file), { recursive: true });
  try {
    const packed = await stream(options, partial);
    if (packed.bytes > options.limit) return tooLarge(options.limit);
    if (packed.files === 0) return empty();
    await flush(partial);
    if (!(await options.mayPublish())) throw new Error("the job is another runner's by now");
    await rename(partial, options.file);
    return packed;
  } finally {
    await rm(partial, { force: true });
  }
}

async function stream(options: PackOptions, partial: string): Promise<Packed> {
  const packed: Packed = { files: 0, bytes: 0, archiveBytes: 0, sha256: '', leftOut: [] };
  const hash = createHash('sha256');
  const gzip = createGzip();
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      packed.archiveBytes += chunk.length;
      done(null, chunk);
    },
  });
  const file = createWriteStream(partial, { flush: false });
  await Promise.all([feed(options, packed, gzip), pipeline(gzip, measure, file, { signal: options.signal })]);
  return { ...packed, sha256: hash.digest('hex') };
}

/**
 * Reads docker's tar and writes ours. Entries are passed on within parser.write(), so the only thing to wait for is the
 * compressor.
 */
async function feed(options: PackOptions, packed: Packed, gzip: Gzip): Promise<void> {
  const seen = new Set<string>();
  const parser = new Parser();
  parser.on('entry', (entry: ReadEntry) => take(entry, { packed, seen, gzip, options }));
  const copy = copyOut(options.container, options.dist);
  const stop = () => copy.kill();
  options.signal.addEventListener('abort', stop);
  try {
    copy.stdin.end();
    const said = text(copy.stderr);
    for await (const chunk of copy.stdout) {
      options.signal.throwIfAborted();
      parser.write(chunk as Buffer);
      if (gzip.writableNeedDrain) await once(gzip, 'drain', { signal: options.signal });
    }
    const end = await copy;
    options.signal.throwIfAborted();
    if (end.failed) throw engineError(['cp'], await said, end.code);
    parser.end();
    gzip.end(Buffer.alloc(2 * BLOCK));
  } catch (error) {
    gzip.destroy();
    throw error;
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

interface Packing {
  packed: Packed;
  /** Paths that are in the archive. */
  seen: Set<string>;
  gzip: Gzip;
  options: PackOptions;
}

/** Writes an entry into the archive, or notes why not. */
function take(entry: ReadEntry, { packed, seen, gzip, options }: Packing): void {
  const path = normal(entry.path);
  const why = path === '.' ? '' : whyLeftOut(entry, path, seen);
  packed.bytes += why === undefined ? entry.size : 0;
  if (why !== undefined || packed.bytes > options.limit) {
    if (why) packed.leftOut.push(`${path} (${why})`);
    entry.resume();
    return;
  }
  if (entry.type !== 'Directory') packed.files++;
  seen.add(path);
  gzip.write(headOf(entry, path, options.time));
  entry.on('data', (data) => gzip.write(data));
  entry.on('end', () => gzip.write(Buffer.alloc((BLOCK - (entry.size % BLOCK)) % BLOCK)));
}

/** The header of an entry: nothing in it is of this machine or of the time of the build. */
function headOf(entry: ReadEntry, path: string, time: number): Buffer {
  const isDirectory = entry.type === 'Directory';
  const target = entry.type === 'Link' ? normal(entry.linkpath ?? '') : entry.linkpath;
  const fields = {
    path: isDirectory ? `${path}/` : path,
    type: entry.type,
    size: entry.size,
    mtime: new Date(time * 1000),
    // No set-uid, set-gid or sticky bits; who unpacks it can read and remove all.
    mode: ((entry.mode ?? 0o644) & 0o777) | (isDirectory ? 0o755 : 0o644),
    ...(target ? { linkpath: target } : {}),
  };
  const header = new Header(fields);
  // What a plain header cannot hold, such as a long name, goes before it in a header of its own.
  const extended = header.encode()
    ? new Pax({ path: fields.path, size: fields.size, ...(target ? { linkpath: target } : {}) }).encode()
    : [];
  return Buffer.concat([Buffer.from(extended), header.block ?? Buffer.alloc(0)]);
}

/** Why an entry is not for the artifact; empty for what is left out without a word, undefined for what belongs in. */
function whyLeftOut(entry: ReadEntry, path: string, seen: Set<string>): string | undefined {
  if (path === '.git' || path.startsWith('.git/')) return '';
  // Names that are not UTF-8 become the same when they are read.
  if (seen.has(path)) return 'another file has the same name, as far as it is UTF-8';
  if (entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'Directory') return undefined;
  if (entry.type === 'Link')
    return seen.has(normal(entry.linkpath ?? '')) ? undefined : 'a hard link to what is left out';
  if (entry.type !== 'SymbolicLink') return 'neither a file, a directory nor a link';
  const target = entry.linkpath ?? '';
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  const outside = posix.isAbsolute(target) || resolved === '..' || resolved.startsWith('../');
  return outside ? 'a link that leads out of the dist directory' : undefined;
}

function normal(path: string): string {
  return posix.normalize(path).replace(/\/$/, '');
}

async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

async function text(readable: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of readable) all = (all + String(chunk)).slice(-4096);
  return all;
}

function tooLarge(limit: number): Cause {
  return {
    reason: 'artifact_limit',
    step: 'artifact',
    message: `the dist directory has more than ${showBytes(limit)}`,
    remedy: 'Check that it holds only what is to be shipped, or raise KOALACI_ARTIFACT_LIMIT.',
  };
}

function empty(): Cause {
  return {
    reason: 'dist_missing',
    step: 'artifact',
    message: 'the dist directory is empty',
    remedy: 'Check that the build command writes into project_dist_directory.',
  };
}
