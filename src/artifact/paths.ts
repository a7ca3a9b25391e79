// Artifacts in a directory: their paths, and the ids in these.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DeploymentId, escapeId, ID_PATTERN, type ProjectId, type UserId } from '../job/identity.js';
import type { JobRecord } from '../job/record.js';

/** The directory for artifacts. They go to `<user>/<project>/` below it, or when it is flat, into it. */
export interface ArtifactDirectory {
  directory: string;
  flat: boolean;
  /** The directory of what is in them, each content once: `<user>/` below it (objects.ts). */
  objects: string;
}

/** The same, for who does not look into artifacts. */
export type ArtifactPlace = Omit<ArtifactDirectory, 'objects'>;

export interface ArtifactPaths {
  archive: string;
  manifest: string;
}

/** Whose artifact it is: what its path is made of. */
export type ArtifactOwner = Pick<JobRecord, 'user' | 'project' | 'deployment'>;

const [ARCHIVE, MANIFEST] = ['.tar.gz', '.json'];
const [PROVENANCE, SBOM] = ['.intoto.jsonl', '.sbom'];

/** The paths of a deployment's archive and manifest. */
export function artifactPaths(
  { directory, flat }: ArtifactPlace,
  { user, project, deployment }: Readonly<ArtifactOwner>,
): ArtifactPaths {
  const place = flat ? directory : join(directory, segment(user), segment(project));
  return pathsIn(place, deployment);
}

/**
 * What is made of an artifact after it is published, and lies beside its archive. No id ends in such a way that one of these is
 * the archive or the manifest of another deployment.
 */
export function proofPaths({ archive }: Pick<ArtifactPaths, 'archive'>): {
  provenance: string;
  sbom: string;
} {
  const start = archive.slice(0, -ARCHIVE.length);
  return { provenance: `${start}${PROVENANCE}`, sbom: `${start}${SBOM}` };
}

/** The directories in which artifacts lie; only one user's, if `user` is given. */
export async function artifactPlaces({ directory, flat }: ArtifactPlace, user?: UserId): Promise<string[]> {
  if (flat) return [directory];
  return below(user === undefined ? await below([directory]) : [join(directory, segment(user))]);
}

/** Those of one user, by their own directory. */
export async function placesOf(directory: string): Promise<string[]> {
  return below([directory]);
}

/** The directories in which objects lie, one for each user. */
export async function objectPlaces({ objects }: ArtifactDirectory): Promise<string[]> {
  return below([objects]);
}

/** The paths of all artifacts in such a directory, also where only the archive or only the manifest is there. */
export async function artifactsIn(place: string): Promise<ArtifactPaths[]> {
  const names = await readdir(place).catch(() => []);
  const ids = names.map((name) => /^(.*)(\.tar\.gz|\.json)$/.exec(name)?.[1] ?? '');
  return [...new Set(ids.filter((id) => ID_PATTERN.test(id)))].map((id) => pathsIn(place, id));
}

/** The paths of an artifact by its archive, wherever that lies. */
export function pathsOfArchive(archive: string): ArtifactPaths {
  const name = basename(archive);
  return pathsIn(dirname(archive), name.endsWith(ARCHIVE) ? name.slice(0, -ARCHIVE.length) : name);
}

/** Whose artifact lies at a path. A name that was cut stands for itself. */
export function ownerOf({ archive }: ArtifactPaths): ArtifactOwner {
  const place = dirname(archive);
  return {
    user: idOf(basename(dirname(place))) as UserId,
    project: idOf(basename(place)) as ProjectId,
    deployment: basename(archive, ARCHIVE) as DeploymentId,
  };
}

function pathsIn(place: string, deployment: string): ArtifactPaths {
  return {
    archive: join(place, `${deployment}${ARCHIVE}`),
    manifest: join(place, `${deployment}${MANIFEST}`),
  };
}

/** The directories in these directories. */
async function below(places: string[]): Promise<string[]> {
  const found = places.map(async (place) => {
    const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => !entry.isFile()).map(({ name }) => join(place, name));
  });
  return (await Promise.all(found)).flat();
}

/**
 * An id as the name of a directory, of at most 255 bytes (NAME_MAX) even when every letter is escaped. `~` is in no escaped id,
 * so a name that was cut is never the whole name of another id.
 */
export function segment(id: string): string {
  const escaped = escapeId(id);
  if (escaped.length <= 200) return escaped;
  return `${escaped.slice(0, 100)}~${createHash('sha256').update(id).digest('hex')}`;
}

function idOf(name: string): string {
  try {
    const id = decodeURIComponent(name);
    return segment(id) === name ? id : name;
  } catch {
    return name;
  }
}
