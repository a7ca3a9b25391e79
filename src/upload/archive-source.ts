// The bytes of an artifact's archive, wherever they have to go: of its file, or made anew.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { archiveBytes } from '../artifact/archive-bytes.js';
import { checkedBytes } from '../artifact/checked-bytes.js';
import { objectsOf } from '../artifact/objects.js';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { KoalaError } from '../job/errors.js';
import type { UserId } from '../job/identity.js';
import type { ArtifactInfo } from '../job/record.js';
import type { ArchiveBytes } from './archive-store.js';

/** The archive of an artifact on this machine. Reading it ends with a KoalaError where it is not what was shipped. */
export async function archiveSource(
  { path, manifest, sha256, archiveBytes: bytes }: ArtifactInfo,
  user: UserId,
  { objects }: Pick<ArtifactDirectory, 'objects'>,
): Promise<ArchiveBytes> {
  const found = await stat(path).catch(() => undefined);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield* found ? createReadStream(path) : await archiveBytes(manifest, objectsOf(objects, user));
  }
  return { size: bytes ?? found?.size ?? 0, sha256, read: () => checkedBytes(pieces(), sha256, changed) };
}

function changed(): KoalaError {
  return new KoalaError(
    'conflict',
    'the artifact is not the one that was shipped: its files have been changed',
    { remedy: 'Run the job again.' },
  );
}
