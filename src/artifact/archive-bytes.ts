// The bytes of an archive that is no file: made anew from the manifest and the objects of its user.
import type { Readable } from 'node:stream';
import { readHead } from './manifest-file.js';
import { objectPathOf } from './objects.js';
import { listedEntries } from './read-listing.js';
import { archiveOf } from './tar-of-list.js';

/**
 * The archive of an artifact, made anew: byte for byte as it was packed. It fails with ENOENT where an object is missing.
 * @param directory the objects of its user
 */
export async function archiveBytes(manifest: string, directory: string): Promise<Readable> {
  const { archive_time: time = 0 } = (await readHead(manifest)) ?? {};
  return archiveOf({ entries: listedEntries(manifest), contentOf: objectPathOf(directory), time });
}
