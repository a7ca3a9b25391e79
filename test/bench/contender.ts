// What is timed: one way to build a project, with whatever caches it keeps.
import type { Project } from './projects.js';

export interface Subject {
  project: Project;
  /** A bare repository, with what is to be built on its branch main. */
  repo: string;
  /** A directory of the contender's own. */
  work: string;
  /** The builder image, which all contenders build in. */
  image: string;
  /** What of the repository the project is built from, if that is not all of it. */
  sources?: readonly string[];
}

export interface Contender {
  readonly name: string;
  /** Drops every cache: the next build is the first one. */
  cool(): Promise<void>;
  /** What has to be there before a build, and is no part of it; not timed. */
  prepare?(): Promise<void>;
  /** Builds what is on the branch, from the source to an archive of the dist directory. Only this is timed. */
  build(): Promise<unknown>;
  /** What may go on after a build until the next one; not timed. */
  settle?(): Promise<void>;
  close?(): Promise<void>;
}
