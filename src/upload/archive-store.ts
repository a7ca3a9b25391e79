// Where archives are for all machines: what one has built, the others hand out.
import type { Readable } from 'node:stream';
import type { ArtifactOwner } from '../artifact/paths.js';

/** The bytes of an archive, and their hash. */
export interface ArchiveBytes {
  /** What its artifact is told from others by. */
  identity: string;
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

export interface StoredArchive extends StoredBytes {
  sha256: string;
}

/** Artifacts are known by what identityOf() returns. */
export interface ArchiveStore {
  /** Puts an archive, then its manifest, a file of this machine. */
  put(owner: ArtifactOwner, archive: ArchiveBytes, manifest: string, signal: AbortSignal): Promise<void>;
  /**
   * The archive of an artifact, whose hash is `sha256`, or else what the store says that it is; undefined if there is none, or that of
   * another one by its name.
   */
  archive(owner: ArtifactOwner, identity: string, sha256?: string): Promise<StoredArchive | undefined>;
  /** Its manifest; undefined likewise. */
  manifest(owner: ArtifactOwner, identity: string): Promise<StoredBytes | undefined>;
  /** Removes what archive() and manifest() return. */
  remove(owner: ArtifactOwner, identity: string): Promise<void>;
}
