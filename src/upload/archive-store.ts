// Where archives are for all machines: what one has built, the others hand out.
import type { Readable } from 'node:stream';
import type { ArtifactOwner } from '../artifact/paths.js';

/** The bytes of an archive, and their hash. */
export interface ArchiveBytes {
  size: number;
  sha256: string;
  /** From their start, anew each time. */
  read: () => AsyncIterable<Uint8Array>;
}

/** An archive, or its manifest, that lies in a store. */
export interface StoredBytes {
  size: number;
  /** The bytes from `start` to `end`, both included. The whole ends with an error if it is not what was put. */
  read: (start?: number, end?: number) => Readable;
}

export interface ArchiveStore {
  /** Puts an archive, then its manifest, a file of this machine. */
  put(owner: ArtifactOwner, archive: ArchiveBytes, manifest: string, signal: AbortSignal): Promise<void>;
  /** The archive with this hash; undefined if there is none, or another one by its name. */
  archive(owner: ArtifactOwner, sha256: string): Promise<StoredBytes | undefined>;
  /** The manifest of the archive with this hash; undefined likewise. */
  manifest(owner: ArtifactOwner, sha256: string): Promise<StoredBytes | undefined>;
  /** Removes what archive() and manifest() return. */
  remove(owner: ArtifactOwner, sha256: string): Promise<void>;
}
