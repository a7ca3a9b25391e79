// Reads what is in an archive, without unpacking it to anywhere.
import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../job/errors.js';
import { inner } from './entries.js';
import { EntryHasher } from './entry-hasher.js';
import { type ListedEntry, listedEntry } from './listing.js';
import { TarReader } from './tar-reader.js';

/** No archive has a longer name. */
const MOST_NAME = 64 * 1024;

/** The entries of an archive, as far as it can be unpacked; `broken` says why not all of it can be. Closes it. */
export async function readEntries(file: FileHandle): Promise<{ entries: ListedEntry[]; broken?: string }> {
  const entries: ListedEntry[] = [];
  const hasher = new EntryHasher((entry, sha256) => entries.push(listedEntry(entry, sha256)));
  const reader = new TarReader(
    {
      entry: (entry) => hasher.entry({ ...entry, path: inner(entry.path) }),
      data: (piece) => hasher.data(piece),
    },
    MOST_NAME,
  );
  const sink = new Writable({
    write(piece: Buffer, _encoding, done) {
      try {
        reader.write(piece);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  try {
    await pipeline(file.createReadStream({ start: 0 }), createGunzip(), sink);
    return reader.isComplete ? { entries } : { entries, broken: 'it has no end' };
  } catch (error) {
    return { entries, broken: messageOf(error) };
  }
}
