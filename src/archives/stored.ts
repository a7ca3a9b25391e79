// Which archives are on this machine: what lies in the directory of artifacts, whatever Redis knows of it.
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { builtAtOf, type ManifestHead, readHead } from '../artifact/manifest-file.js';
import {
  type ArtifactOwner,
  type ArtifactPaths,
  type ArtifactPlace,
  artifactPaths,
  artifactPlaces,
  artifactsIn,
  ownerOf,
} from '../artifact/paths.js';
import type { DeploymentId, ProjectId, UserId } from '../job/identity.js';
import { inBatches } from '../job/in-batches.js';

/** As many files are read at once. */
const AT_ONCE = 32;

export interface StoredArchive extends ArtifactOwner {
  paths: ArtifactPaths;
  /** The files as they were seen; undefined where one is not there. */
  seen: { archive: Stats | undefined; manifest: Stats | undefined };
  /** What the manifest says; undefined if there is none that belongs here. */
  head: ManifestHead | undefined;
  /** Of both files; for an archive that is none, of its contents. */
  bytes: number;
  /** When its job was created, and when it was built: milliseconds since 1970. */
  createdAt: number;
  builtAt: number;
}

/** Every archive, or manifest without one; only one user's, if `user` is given. */
export async function storedArchives(artifacts: ArtifactPlace, user?: UserId): Promise<StoredArchive[]> {
  const places = await artifactPlaces(artifacts, user);
  const found = (await Promise.all(places.map(artifactsIn))).flat();
  const stored = await inBatches(AT_ONCE, found, (paths) => storedAt(artifacts, paths));
  return stored.filter(({ seen }) => seen.archive ?? seen.manifest);
}

/** What lies at these paths, in a directory for artifacts. */
export async function storedAt(artifacts: ArtifactPlace, paths: ArtifactPaths): Promise<StoredArchive> {
  const [archive, manifest, read] = await Promise.all([
    fileAt(paths.archive),
    fileAt(paths.manifest),
    readHead(paths.manifest),
  ]);
  // A manifest that says something else was put there by somebody.
  const named = read && ownerIn(read);
  const head = named && artifactPaths(artifacts, named).archive === paths.archive ? read : undefined;
  // Of one that is made when somebody asks for it: what its files have.
  const packed = head && head.archive === undefined ? (head.archive_bytes ?? head.bytes) : 0;
  const writtenAt = Math.round((archive ?? manifest)?.mtimeMs ?? 0);
  const builtAt = (head && builtAtOf(head)) ?? writtenAt;
  return {
    ...(head && named ? named : ownerOf(paths)),
    paths,
    seen: { archive, manifest },
    head,
    bytes: (archive?.size ?? packed) + (manifest?.size ?? 0),
    createdAt: head?.created_at ?? head?.started_at ?? builtAt,
    builtAt,
  };
}

async function fileAt(path: string): Promise<Stats | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found : undefined;
}

function ownerIn({ user_id, project_id, deployment_id }: ManifestHead): ArtifactOwner {
  return {
    user: user_id as UserId,
    project: project_id as ProjectId,
    deployment: deployment_id as DeploymentId,
  };
}
