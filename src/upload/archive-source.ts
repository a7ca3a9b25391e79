// The bytes of an artifact's archive, wherever they have to go: of its file, or made anew.
import { createReadStream } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { archiveBytes } from '../artifact/archive-bytes.js';
import { checkedBytes } from '../artifact/checked-bytes.js';
import { identityOf } from '../artifact/identity.js';
import { objectsOf } from '../artifact/objects.js';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { handleSha256 } from '../artifact/sha256.js';
import { unnamedArchive } from '../artifact/unnamed-archive.js';
import { KoalaError } from '../job/errors.js';
import type { UserId } from '../job/identity.js';
import type { ArtifactInfo } from '../job/record.js';
import type { ArchiveBytes } from './archive-store.js';

/** The archive of an artifact on this machine. Reading it ends with a KoalaError where it is not what was shipped. */
export async function archiveSource(
  info: ArtifactInfo,
  user: UserId,
  { objects }: Pick<ArtifactDirectory, 'objects'>,
): Promise<ArchiveBytes & AsyncDisposable> {
  const { path, manifest, sha256, archiveBytes: bytes } = info;
  const directory = objectsOf(objects, user);
  // Its size and its hash come before its bytes, and nobody knows them.
  if (sha256 === undefined) return made(await unnamedArchive(manifest, directory), identityOf(info));
  const found = await stat(path).catch(() => undefined);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield* found ? createReadStream(path) : await archiveBytes(manifest, directory);
  }
  return {
    ...{ identity: sha256, size: bytes ?? found?.size ?? 0, sha256 },
    read: () => checkedBytes(pieces(), sha256, changed),
    [Symbol.asyncDispose]: async () => {},
  };
}

async function made(file: FileHandle, identity: string): Promise<ArchiveBytes & AsyncDisposable> {
  const [{ size }, sha256] = await Promise.all([file.stat(), handleSha256(file)]);
  return {
    ...{ identity, size, sha256 },
    read: () => file.createReadStream({ start: 0, autoClose: false }),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

function changed(): KoalaError {
  return new KoalaError(
    'conflict',
    'the artifact is not the one that was shipped: its files have been changed',
    { remedy: 'Run the job again.' },
  );
}
