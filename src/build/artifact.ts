// Makes the artifact: what docker streams out of the stopped container, as a reproducible .tar.gz beside a manifest.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Pack, Parser, type ReadEntry } from 'tar';
import { copyOut } from '../docker/container.js';
import { engineError } from '../docker/errors.js';
import { showBytes } from '../job/quantity.js';
import type { Cause } from '../job/status.js';

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
    await rename(partial, options.file);
    return packed;
  } finally {
    await rm(partial, { force: true });
  }
}

async function stream(options: PackOptions, partial: string): Promise<Packed> {
  const packed: Packed = { files: 0, bytes: 0, archiveBytes: 0, sha256: '', leftOut: [] };
  const hash = createHash('sha256');
  // Paths are judged here: tar itself would rewrite those that look absolute on another system.
  const pack = new Pack({
    gzip: true,
    portable: true,
    preservePaths: true,
    mtime: new Date(options.time * 1000),
  });
  const parser = new Parser();
  const seen = new Set<string>();
  const { signal } = options;
  parser.on('entry', (entry: ReadEntry) => take(entry, pack, packed, seen, options.limit));
  const copy = copyOut(options.container, options.dist);
  copy.stdin.end();
  const said = text(copy.stderr);
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      packed.archiveBytes += chunk.length;
      done(null, chunk);
    },
  });
  const written = pipeline(
    pack as unknown as NodeJS.ReadableStream,
    measure,
    createWriteStream(partial, { flush: false }),
    { signal },
  );
  await pipeline(copy.stdout, parser as unknown as NodeJS.WritableStream, { signal });
  pack.end();
  await written;
  const end = await copy;
  if (end.failed) throw engineError(['cp'], await said, end.code);
  return { ...packed, sha256: hash.digest('hex') };
}

/** Adds an entry to the archive, or says why not. */
function take(entry: ReadEntry, pack: Pack, packed: Packed, seen: Set<string>, limit: number): void {
  const path = normal(entry.path);
  const why = path === '.' ? '' : whyLeftOut(entry, path, seen);
  packed.bytes += why === undefined ? entry.size : 0;
  if (why !== undefined || packed.bytes > limit) {
    if (why) packed.leftOut.push(`${path} (${why})`);
    entry.resume();
    return;
  }
  entry.path = entry.type === 'Directory' ? `${path}/` : path;
  // No set-uid, set-gid or sticky bits; who unpacks it can read and remove all.
  entry.mode = ((entry.mode ?? 0o644) & 0o777) | (entry.type === 'Directory' ? 0o755 : 0o644);
  if (entry.type !== 'Directory') packed.files++;
  seen.add(path);
  if (entry.linkpath && entry.type === 'Link') entry.linkpath = normal(entry.linkpath);
  pack.add(entry);
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
