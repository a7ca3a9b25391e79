// Reads manifests: what one says of the whole, without the list of entries, which may be large; or all of it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Hosting } from './hosting.js';
import { ListedEntry } from './listing.js';
import { LIST_BEGINS, LIST_ENDS } from './manifest.js';
import { Searched } from './searched.js';

const time = z.iso.datetime().transform((text) => Date.parse(text));

/** What koalaci reads of it; it says more. Older versions wrote neither the list with its digest nor `created_at`. */
const Whole = z.object({
  deployment_id: z.string(),
  project_id: z.string(),
  user_id: z.string(),
  repo: z.string().optional(),
  branch: z.string(),
  commit: z.string().optional(),
  /** The archive's name, where it is a file; and the time of everything in it, in seconds since 1970. */
  archive: z.string().optional(),
  archive_time: z.number().optional(),
  /** Of the archive. It is not known of one that is made when somebody asks for it. */
  sha256: z.string().optional(),
  digest: z.string().optional(),
  archive_bytes: z.number().optional(),
  files: z.number(),
  bytes: z.number(),
  hosting: Hosting.optional(),
  searched: Searched.optional(),
  versions: z.object({ node: z.string().optional(), package_manager: z.string().optional() }).optional(),
  created_at: time.optional(),
  started_at: time.optional(),
  steps: z.array(z.object({ ended_at: time.optional() })).optional(),
});
export const Manifest = Whole.extend({ entries: z.array(ListedEntry).optional() });
export type Manifest = z.infer<typeof Manifest>;
/** `isListed`: whether there is a list of entries. */
export type ManifestHead = z.infer<typeof Whole> & { isListed: boolean };

const PIECE_BYTES = 16 * 1024;
/** More than it ever has before its list. */
const MOST_BYTES = 1024 ** 2;

/** What a manifest says of the whole; undefined if there is none that can be read. */
export async function readHead(path: string): Promise<ManifestHead | undefined> {
  try {
    await using file = await open(path);
    return await headIn(file);
  } catch {
    return undefined;
  }
}

/** The same of a manifest that is open, at its start. */
export async function headIn(file: FileHandle): Promise<ManifestHead | undefined> {
  const { text, isListed } = await readToList(file);
  return headOf(text, isListed);
}

/** What a manifest says of the whole, and its list of entries as it stands there; undefined if there is none that can be read. */
export async function readWithList(
  path: string,
): Promise<{ head: ManifestHead; list: string | undefined } | undefined> {
  try {
    const manifest = await readFile(path);
    const list = listIn(manifest)?.toString();
    const headEnd = list === undefined ? manifest.length : manifest.indexOf(LIST_BEGINS);
    const head = headOf(manifest.toString('utf8', 0, headEnd), list !== undefined);
    return head && { head, list };
  } catch {
    return undefined;
  }
}

/** All that a manifest says; undefined if there is none that can be read. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  try {
    return Manifest.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** The list of entries in a manifest's bytes, as Listing wrote it; undefined if there is none. Pure. */
export function listIn(manifest: Buffer): Buffer | undefined {
  const start = manifest.indexOf(LIST_BEGINS);
  const end = manifest.lastIndexOf(LIST_ENDS);
  return start === -1 || end === -1 ? undefined : manifest.subarray(start + LIST_BEGINS.length, end);
}

/** The time at which the last step ended that a manifest knows of, in milliseconds since 1970. Pure. */
export function builtAtOf({ steps = [], started_at }: ManifestHead): number | undefined {
  return Math.max(...steps.map(({ ended_at = 0 }) => ended_at), 0) || started_at;
}

/** What the text before a manifest's list says, or that of one without a list. */
function headOf(text: string, isListed: boolean): ManifestHead | undefined {
  try {
    return { ...Whole.parse(JSON.parse(isListed ? `${text}\n}` : text)), isListed };
  } catch {
    return undefined;
  }
}

async function readToList(file: FileHandle): Promise<{ text: string; isListed: boolean }> {
  let read = Buffer.alloc(0);
  for (;;) {
    const at = read.indexOf(LIST_BEGINS);
    if (at !== -1) return { text: read.toString('utf8', 0, at), isListed: true };
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(PIECE_BYTES) });
    if (bytesRead === 0 || read.length > MOST_BYTES) return { text: read.toString(), isListed: false };
    read = Buffer.concat([read, buffer.subarray(0, bytesRead)]);
  }
}

/**
 * SHA-256 of the list of entries, as it stands in a manifest: the same digest, the same files.
 * @throws Error when there is no such manifest, or it lists nothing
 */
export async function listDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  let waiting = Buffer.alloc(0);
  let isInList = false;
  for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    waiting = Buffer.concat([waiting, piece as Buffer]);
    if (!isInList) {
      const at = waiting.indexOf(LIST_BEGINS);
      if (at === -1 && waiting.length > MOST_BYTES) break;
      if (at === -1) continue;
      isInList = true;
      waiting = waiting.subarray(at + LIST_BEGINS.length);
    }
    const passed = Math.max(waiting.length - LIST_ENDS.length, 0);
    hash.update(waiting.subarray(0, passed));
    waiting = waiting.subarray(passed);
  }
  if (!isInList || waiting.toString() !== LIST_ENDS) throw new Error(`${path} has no list of entries`);
  return hash.digest('hex');
}
