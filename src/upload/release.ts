// Makes a release of an artifact: from its manifest, and the objects on this machine.
import { entriesIn, type ListedEntry } from '../artifact/listing.js';
import { type ManifestHead, readWithList } from '../artifact/manifest-file.js';
import { type ObjectKey, objectPath, objectsOf } from '../artifact/objects.js';
import type { ArtifactDirectory } from '../artifact/paths.js';
import { KoalaError } from '../job/errors.js';
import type { DeploymentId, ProjectId, UserId } from '../job/identity.js';
import type { Release } from './target.js';

type Objects = Pick<ArtifactDirectory, 'objects'>;

/**
 * The artifact that a manifest describes, as targets get it. Whether its objects are there is not looked at.
 * @throws KoalaError `conflict` when an earlier version made it, which kept no objects
 */
export function releaseOf(head: ManifestHead, list: string | undefined, { objects }: Objects): Release {
  const { user_id, project_id, deployment_id, digest } = head;
  const { repo = '', branch, commit = '', created_at: createdAt = 0 } = head;
  if (digest === undefined || list === undefined) {
    throw new KoalaError('conflict', `the artifact of deployment ${deployment_id} cannot be released`, {
      remedy: 'An earlier version of koalaci made it: run the job again.',
    });
  }
  const user = user_id as UserId;
  const directory = objectsOf(objects, user);
  const entries = once(() => listed(list));
  return {
    ...{ user, project: project_id as ProjectId, deployment: deployment_id as DeploymentId },
    ...{ repo, branch, commit, createdAt, digest, list },
    get entries() {
      return entries();
    },
    contentOf: (entry) => objectPath(directory, contentIn(entries, entry)),
  };
}

/**
 * The same, from the path of a manifest.
 * @throws KoalaError `not_found` when there is none that can be read, and as releaseOf()
 */
export async function readRelease(manifest: string, objects: Objects): Promise<Release> {
  const read = await readWithList(manifest);
  if (read) return releaseOf(read.head, read.list, objects);
  throw unreadable();
}

function listed(list: string): readonly ListedEntry[] {
  try {
    return entriesIn(list);
  } catch {
    throw unreadable();
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function unreadable(): KoalaError {
  return new KoalaError('not_found', 'the artifact has no manifest that can be read', {
    remedy: 'Run the job again.',
  });
}

/** The content of an entry: its own, or that of what it is a hard link to, which comes before it. */
function contentIn(entries: () => readonly ListedEntry[], entry: ListedEntry): ObjectKey {
  const { type, sha256, mode, target, target_base64 } = entry;
  if (sha256 !== undefined) return { sha256, mode };
  const linked =
    type === 'hard_link'
      ? entries().find(({ path, path_base64 }) => path === target && path_base64 === target_base64)
      : undefined;
  if (!linked) throw new Error(`no content has a ${type}`);
  return contentIn(entries, linked);
}
