// What the process that packs is told of its task.
import type { EarlierPlace } from './earlier-artifacts.js';
import type { ArtifactLimits } from './limits.js';
import type { ObjectPlace } from './object-writer.js';

export interface PackOptions {
  /** Path of the archive, in a directory that exists; without one, what it would be is only measured. */
  file?: string | undefined;
  /** Path of the list of its entries, for the manifest; likewise. */
  list: string;
  /** Where the content of each file goes. */
  objects: ObjectPlace;
  limits: ArtifactLimits;
  /** Time of every file in the archive, in seconds since 1970: the commit's, so that the same build gives the same bytes. */
  time: number;
  /** What should not be in it: see SecretSearch. */
  secrets: string[];
  /** If a list of what there is comes in place of the tar, and there is no archive. */
  listed?: {
    /** Where to look for what is known of it. */
    earlier: EarlierPlace;
    /** The key of the secrets: see searched.ts. */
    searchKey: string;
  };
}
