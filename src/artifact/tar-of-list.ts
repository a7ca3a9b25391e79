// Makes an archive anew, byte for byte as the packer wrote it: from the list of its entries, and the content of each file.
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { archiveGzip, CHUNK_BYTES } from './gzip.js';
import { type ListedEntry, tarEntryOf } from './listing.js';
import { headOf } from './tar-header.js';
import { BLOCK } from './tar-reader.js';

export interface ArchiveSource {
  entries: AsyncIterable<ListedEntry>;
  /** The path of a file with the content of an entry. */
  contentOf: (entry: ListedEntry) => string;
  /** Of every entry, in seconds since 1970. */
  time: number;
}

/** The archive as a stream. It fails where a content cannot be read. */
export function archiveOf(source: ArchiveSource): Readable {
  // Its errors end the stream that is returned.
  return pipeline(Readable.from(inChunks(tarOf(source))), archiveGzip(), () => {});
}

async function* tarOf({ entries, contentOf, time }: ArchiveSource): AsyncGenerator<Buffer> {
  for await (const listed of entries) {
    const entry = tarEntryOf(listed);
    yield headOf(entry, time);
    if (entry.size === 0) continue;
    yield* createReadStream(contentOf(listed)) as AsyncIterable<Buffer>;
    yield Buffer.alloc((BLOCK - (entry.size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** Collects small pieces. */
async function* inChunks(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(waiting);
    [waiting, bytes] = [[], 0];
  }
  yield Buffer.concat(waiting);
}
