// Hashes what is at hand, and what is read piece by piece.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

const PIECE_BYTES = 1024 ** 2;

/** The sha256 of bytes, or of a text as UTF-8. */
export function bytesSha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The sha256 of all pieces together. */
export async function sha256Of(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** The sha256 of a file that is open, from its start. It stays open. */
export function handleSha256(file: FileHandle): Promise<string> {
  return sha256Of(file.createReadStream({ start: 0, highWaterMark: PIECE_BYTES, autoClose: false }));
}

/**
 * The sha256 of a file.
 * @throws the errors of the file system
 */
export function fileSha256(path: string): Promise<string> {
  return sha256Of(createReadStream(path, { highWaterMark: PIECE_BYTES }));
}
