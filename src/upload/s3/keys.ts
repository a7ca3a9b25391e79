// Where things lie in a bucket. Pure.
import type { ArtifactOwner } from '../../artifact/paths.js';
import { segment } from '../../artifact/paths.js';
import type { Place, ReleaseOwner } from '../target.js';
import type { TreeKeys } from './tree-state.js';

/**
 * The keys of a place. Only `sites/` is to be served; what koalaci knows of a tree lies elsewhere. No id of a user is between the
 * prefix and the first of these names, so none can take the place of another.
 */
export function treeKeys(prefix: string, { user, project }: ReleaseOwner, place: Place): TreeKeys {
  const of = `${segment(user)}/${segment(project)}/${place}/`;
  return { tree: `${prefix}sites/${of}`, state: `${prefix}state/${of}` };
}

/** The keys of an archive and its manifest. */
export function archiveKeys(
  prefix: string,
  { user, project, deployment }: ArtifactOwner,
): { archive: string; manifest: string } {
  const key = `${prefix}artifacts/${segment(user)}/${segment(project)}/${deployment}`;
  return { archive: `${key}.tar.gz`, manifest: `${key}.json` };
}
