// What a target is: a place of the operator's from which artifacts are served.
import type { ListedEntry } from '../artifact/listing.js';
import type { DeploymentId, ProjectId, UserId } from '../job/identity.js';

/** An artifact as targets get it. */
export interface Release {
  user: UserId;
  project: ProjectId;
  deployment: DeploymentId;
  branch: string;
  commit: string;
  /** SHA-256 of the list of entries: the same digest, the same files. */
  digest: string;
  /** A directory comes before what is in it. */
  entries: readonly ListedEntry[];
  /** The read-only file with the content of an entry that is a file. */
  contentOf(entry: ListedEntry): string;
}

/** From where in a target a project is served: `current`, or `branches/<slug>/current`. */
export type Place = string;

export interface TargetOptions {
  /** Ends what is going on, as far as it can be left undone. */
  signal: AbortSignal;
  /** Tells the user, in the log. */
  say: (line: string) => void;
}

export interface Target {
  /** The operator's name for it. */
  readonly name: string;
  /**
   * Puts a release where it can be served from. Nothing that is served changes by it.
   * @throws KoalaError `environment`, with what a user may read
   */
  upload(release: Release, options: TargetOptions): Promise<void>;
  /** Serves a release that has been uploaded from a place, in one step where the target can do that. */
  serve(release: Release, place: Place, options: TargetOptions): Promise<void>;
}
