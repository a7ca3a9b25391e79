// What lies where in a target that is a directory. Pure.
//
//   <user>/<project>/releases/<deployment>-<digest>/   a release: hard links of contents that nobody can write
//   <user>/<project>/current                           a link to the release that is served
//   <user>/<project>/branches/<slug>/current           the same for another branch
//
// What is not complete, or is about to go, has a name that begins with a dot, as none of these does.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { segment } from '../../artifact/paths.js';
import type { Release, ReleaseOwner } from '../target.js';

/** Which release of a project it is. */
export type ReleaseName = Pick<Release, 'deployment' | 'digest'>;

/** The directory of a project. */
export function projectPath(directory: string, { user, project }: ReleaseOwner): string {
  return join(directory, segment(user), segment(project));
}

/** The directory of a project's releases. */
export function releasesPath(project: string): string {
  return join(project, 'releases');
}

/** The name of a release among them: a deployment that is built again with other files is another one. */
export function nameOf({ deployment, digest }: ReleaseName): string {
  return `${deployment}-${digest.slice(0, 16)}`;
}

/** A name beside others for what is not complete, or is about to go. */
export function hiddenName(): string {
  return `.${randomBytes(8).toString('hex')}`;
}
