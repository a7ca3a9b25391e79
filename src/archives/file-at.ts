// Finds a file in an artifact by its path. Links are followed by the manifest alone, never by the file system.
import type { ListedEntry } from '../artifact/listing.js';
import { entriesAt } from '../artifact/read-listing.js';
import { KoalaError } from '../job/errors.js';
import { openManifest } from './open.js';
import type { Shipped } from './shipped.js';

/** As many links are followed: each costs a look through the manifest. */
const MOST_LINKS = 8;

/**
 * The file at a path in an artifact.
 * @throws KoalaError `not_found` when there is none, and as openManifest()
 */
export async function findFile(shipped: Shipped, path: string): Promise<ListedEntry> {
  // It is this artifact's, and it can be read.
  await (await openManifest(shipped)).close();
  const entry = await fileAt(shipped.info.manifest, path);
  if (entry) return entry;
  throw noSuchFile(shipped, path);
}

/** The error for a path at which an artifact has no file. */
export function noSuchFile({ deployment }: Pick<Shipped, 'deployment'>, path: string): KoalaError {
  const what = `the artifact of deployment ${deployment} has no file ${JSON.stringify(path)}`;
  return new KoalaError('not_found', what);
}

/**
 * The file to which a path in an artifact leads; undefined if that is no file. An entry with content: of a hard link, what it
 * is linked to.
 * @throws the errors of the file system, of the manifest
 */
export async function fileAt(manifest: string, path: string): Promise<ListedEntry | undefined> {
  let place: string | undefined = path;
  for (let links = 0; place !== undefined && links <= MOST_LINKS; links++) {
    const found = await entriesAt(manifest, waysTo(place));
    const entry = found.get(place);
    if (entry?.type === 'file') return entry;
    place = [...found.values()].map((one) => through(one, place ?? '')).find((next) => next !== undefined);
  }
  return undefined;
}

/** A path, and the directories that it is in. */
function waysTo(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Where a path leads that goes through this link, or is it; undefined for what is no link. Pure. */
export function through({ path, type, target }: ListedEntry, place: string): string | undefined {
  if (path === undefined || target === undefined) return undefined;
  const rest = place.slice(path.length);
  if (type === 'hard_link') return target + rest;
  if (type !== 'link') return undefined;
  const above = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') above.push(part);
    else if (above.pop() === undefined) return undefined;
  }
  return above.join('/') + rest;
}
