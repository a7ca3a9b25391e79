// What a target is: a place of the operator's from which artifacts are served.
import type { ListedEntry } from '../artifact/listing.js';
import type { DeploymentId, ProjectId, UserId } from '../job/identity.js';
import type { ArchiveStore } from './archive-store.js';

/** Whose releases they are. */
export interface ReleaseOwner {
  user: UserId;
  project: ProjectId;
}

/** An artifact as targets get it. */
export interface Release extends ReleaseOwner {
  deployment: DeploymentId;
  /** Of its repository, without credentials. */
  repo: string;
  branch: string;
  commit: string;
  /** When its job was created, in milliseconds since 1970. */
  createdAt: number;
  /** SHA-256 of the list of entries: the same digest, the same files. */
  digest: string;
  /** A directory comes before what is in it. Read when they are asked for first: there may be many. */
  readonly entries: readonly ListedEntry[];
  /** The list of them as its manifest has it; see listing.ts. */
  list: string;
  /** The read-only file with the content of an entry that is a file, or a hard link to one. */
  contentOf(entry: ListedEntry): string;
}

/** From where in a target a project is served: `current`, or `branches/<slug>/current`; see place.ts. */
export type Place = string;

export interface TargetOptions {
  /** Ends what is going on, as far as it can be left undone. */
  signal: AbortSignal;
  /** Tells the user, in the log. */
  say: (line: string) => void;
}

/** An upload that was begun before it was known of what. Disposing of it removes what nobody has used. */
export interface PreparedUpload {
  [Symbol.asyncDispose](): Promise<void>;
}

export interface UploadOptions extends TargetOptions {
  /** What this target has prepared for it. */
  prepared?: PreparedUpload | undefined;
  /** From where it is to be served next, if that is known: there a target may put what no page names yet. */
  place?: Place;
}

export interface ServeOptions extends TargetOptions {
  /** Whether this process still is the one that switches the project. To be asked right before what is served changes. */
  maySwitch: () => boolean;
}

/** What fails here is tried again some times, but not a KoalaError `bad_input` or `conflict`. Users read the messages. */
export interface Target {
  /** The operator's name for it. */
  readonly name: string;
  /** Where archives go as well, if the operator wants them for all machines. */
  readonly archives?: ArchiveStore | undefined;
  /** Begins an upload, of a release that is thought to be much like the last one. Returns undefined where that does not help. */
  prepare?(last: Release, options: TargetOptions): Promise<PreparedUpload | undefined>;
  /** Puts a release where it can be served from, unless it is there. Nothing that is served changes by it. */
  upload(release: Release, options: UploadOptions): Promise<void>;
  /** Serves a release from a place, in one step where the target can do that. What of its upload has been removed is uploaded again. */
  serve(release: Release, place: Place, options: ServeOptions): Promise<void>;
  /** Undoes a serve() of this object's from a place from which koalaci knows of nothing that was served before. */
  withdraw(owner: ReleaseOwner, place: Place, options: ServeOptions): Promise<void>;
  /** Removes the uploads of a project that are neither served nor `kept`. Only the process that switches it does that. */
  tidy?(owner: ReleaseOwner, kept: readonly Pick<Release, 'deployment' | 'digest'>[]): Promise<void>;
  /**
   * What it is, in words for the operator; `objects` is the directory of the contents of all artifacts.
   * @throws KoalaError that says why it cannot be used
   */
  check(objects: string): Promise<string>;
}
