// Which contents the artifacts of a user have: all that their manifests list. As many as there are, in little memory.
import { join } from 'node:path';
import { type ArtifactDirectory, artifactsIn, placesOf } from '../artifact/paths.js';
import { listedEntries } from '../artifact/read-listing.js';

/** The first 52 bits of each sha256, as a number. Where two are alike, an object stays for nothing: that is rare, and does no harm. */
export type ListedObjects = ReadonlySet<number>;

/** 52 bits: as many as a number has. */
const DIGITS = 13;

/**
 * What all manifests of a user list.
 * @param name the directory of the user, among those of artifacts and of objects
 * @throws the error of a manifest that cannot be read: then nobody knows what it lists
 */
export async function listedObjects(artifacts: ArtifactDirectory, name: string): Promise<ListedObjects> {
  const listed = new Set<number>();
  for (const place of await placesOf(join(artifacts.directory, name)))
    for (const { manifest } of await artifactsIn(place)) await addListed(manifest, listed);
  return listed;
}

/** Whether a content is listed, by its sha256, or by the name of an object, which begins with it. */
export function hasSha256(listed: ListedObjects, sha256: string): boolean {
  return listed.has(Number.parseInt(sha256.slice(0, DIGITS), 16));
}

async function addListed(manifest: string, listed: Set<number>): Promise<void> {
  try {
    for await (const { sha256 } of listedEntries(manifest))
      if (sha256 !== undefined) listed.add(Number.parseInt(sha256.slice(0, DIGITS), 16));
  } catch (error) {
    // An archive without a manifest, or both have been removed meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
