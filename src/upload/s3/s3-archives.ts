// Archives in an object store, from which every machine can hand them out.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { checkedBytes } from '../../artifact/checked-bytes.js';
import type { ArtifactOwner } from '../../artifact/paths.js';
import { KoalaError } from '../../job/errors.js';
import type { ArchiveBytes, ArchiveStore, StoredArchive, StoredBytes } from '../archive-store.js';
import type { Bucket, ObjectHead } from './bucket.js';
import { archiveKeys } from './keys.js';

/** Nobody else's: a link to it is a secret, and it changes when the deployment is built anew. */
const PRIVATE = { CacheControl: 'private, no-store' };
/** A connection that breaks is made anew, as long as each brings something. */
const MOST_EMPTY = 5;

export class S3Archives implements ArchiveStore {
  readonly #bucket: Bucket;
  readonly #prefix: string;

  constructor(bucket: Bucket, prefix: string) {
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async put(
    owner: ArtifactOwner,
    { identity, size, sha256, read }: ArchiveBytes,
    manifest: string,
    signal: AbortSignal,
  ): Promise<void> {
    const keys = archiveKeys(this.#prefix, owner);
    const bucket = this.#bucket.until(signal);
    const headers = { ...PRIVATE, Metadata: { archive: identity, sha256 } };
    await bucket.putStream(keys.archive, read(), { ...headers, ContentType: 'application/gzip' }, size);
    const json = { ...headers, ContentType: 'application/json' };
    await bucket.putStream(keys.manifest, createReadStream(manifest), json, (await stat(manifest)).size);
  }

  async archive(owner: ArtifactOwner, identity: string, known?: string): Promise<StoredArchive | undefined> {
    const { archive } = archiveKeys(this.#prefix, owner);
    const head = await this.#head(archive, identity);
    if (!head) return undefined;
    const { size, metadata } = head;
    // An older version named the archive by its hash only.
    const sha256 = known ?? metadata.sha256 ?? identity;
    return {
      ...{ size, sha256 },
      read: (start = 0, end = size - 1) => {
        const isWhole = start === 0 && end === size - 1;
        const pieces = piecesOf(this.#bucket, archive, { start, end });
        return Readable.from(isWhole ? checkedBytes(pieces, sha256, forged) : pieces, { objectMode: false });
      },
    };
  }

  async manifest(owner: ArtifactOwner, identity: string): Promise<StoredBytes | undefined> {
    const { manifest } = archiveKeys(this.#prefix, owner);
    const head = await this.#head(manifest, identity);
    if (!head) return undefined;
    const { size } = head;
    const read = (start = 0, end = size - 1) =>
      Readable.from(piecesOf(this.#bucket, manifest, { start, end }), { objectMode: false });
    return { size, read };
  }

  async remove(owner: ArtifactOwner, identity: string): Promise<void> {
    const { archive, manifest } = archiveKeys(this.#prefix, owner);
    for (const key of [archive, manifest])
      if (await this.#head(key, identity)) await this.#bucket.remove(key);
  }

  /** What is known of an object, if it belongs to this artifact: the deployment may have been built anew. */
  async #head(key: string, identity: string): Promise<ObjectHead | undefined> {
    const head = await this.#bucket.head(key);
    return head?.metadata.archive === identity ? head : undefined;
  }
}

/** The bytes of an object. Where a connection breaks, the rest is asked for again. */
async function* piecesOf(
  bucket: Bucket,
  key: string,
  { start, end }: { start: number; end: number },
): AsyncGenerator<Uint8Array> {
  let empty = 0;
  for (let at = start; at <= end; ) {
    const before = at;
    try {
      for await (const piece of await bucket.read(key, at, end)) {
        at += (piece as Uint8Array).length;
        yield piece as Uint8Array;
      }
    } catch (error) {
      if (error instanceof KoalaError) throw error;
    }
    empty = at === before ? empty + 1 : 0;
    if (empty > MOST_EMPTY)
      throw new KoalaError('environment', 'the connection to the object store breaks again and again');
  }
}

function forged(): KoalaError {
  return new KoalaError('conflict', 'what lies in the object store is not the artifact that was shipped');
}
