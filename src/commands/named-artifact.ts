// Which artifact a command is about that needs no Redis: by the path of its archive or its provenance, or by its deployment.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { objectsOf } from '../artifact/objects.js';
import { type ArtifactPaths, artifactPlaces, pathsOfArchive } from '../artifact/paths.js';
import { KoalaError } from '../job/errors.js';
import type { TokenFlag } from './authenticate.js';
import { openSession } from './session.js';

export interface NamedArtifact extends ArtifactPaths {
  /** Where its files are kept as objects, if that is how it is kept: without an archive. */
  objects?: string;
}

/**
 * The paths of the artifact that a user names.
 * @throws KoalaError `not_found` when no artifact on this machine is of that deployment of theirs
 */
export async function namedArtifact(what: string, flags: TokenFlag): Promise<NamedArtifact> {
  return (await asPath(what)) ?? (await ofDeployment(what, flags));
}

/** The archive that a path means, also that of its provenance; undefined for the id of a deployment. */
async function asPath(what: string): Promise<ArtifactPaths | undefined> {
  const isPath = /[/]|\.(tar\.gz|jsonl)$/.test(what) || (await stat(what).catch(() => undefined))?.isFile();
  return isPath ? pathsOfArchive(resolve(what.replace(/\.intoto\.jsonl$/, '.tar.gz'))) : undefined;
}

/** Of several projects that have one of this id, the newest. */
async function ofDeployment(id: string, flags: TokenFlag): Promise<NamedArtifact> {
  const [{ askedJob }, { artifactsAtHome }] = await Promise.all([
    import('./authenticate.js'),
    import('./build-settings.js'),
  ]);
  const session = openSession();
  const { user, deployment } = askedJob(session, id, flags);
  const artifacts = artifactsAtHome(session);
  const places = await artifactPlaces(artifacts, user);
  const found = await Promise.all(
    places.map((place) => at(pathsOfArchive(join(place, `${deployment}.tar.gz`)))),
  );
  const [newest] = found.flat().sort((a, b) => b.writtenAt - a.writtenAt);
  if (newest)
    return { ...newest.paths, ...(newest.isFile ? {} : { objects: objectsOf(artifacts.objects, user) }) };
  throw new KoalaError('not_found', `there is no artifact of a deployment ${deployment} on this machine`, {
    remedy: 'Give the path of its archive; "koalaci artifacts ls" shows where artifacts are.',
  });
}

async function at(
  paths: ArtifactPaths,
): Promise<{ paths: ArtifactPaths; isFile: boolean; writtenAt: number }[]> {
  const [archive, manifest] = await Promise.all(
    [paths.archive, paths.manifest].map((path) => stat(path).catch(() => undefined)),
  );
  const { mtimeMs: writtenAt } = manifest ?? archive ?? {};
  return writtenAt === undefined ? [] : [{ paths, isFile: archive !== undefined, writtenAt }];
}
