// What a page says of a build: its record, its artifact, and the builds before it.
import type { Redis } from 'ioredis';
import type { Anywhere } from '../archives/anywhere.js';
import { shippedArtifact } from '../archives/shipped.js';
import { KoalaError } from '../job/errors.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { type Contents, contentsOf } from './contents.js';
import { type Built, earlierBuilds } from './earlier.js';

export interface Facts {
  record: RecordFields;
  /** The newest first. */
  earlier: Built[];
  /** Undefined where its artifact is not to be had. */
  contents: Contents | undefined;
  /** Whether it may name paths of the machine: to who is there. */
  showsPlaces: boolean;
  madeAt: number;
}

export type Sources = { redis: Redis; artifacts: Pick<Anywhere, 'manifest'> } & Pick<Facts, 'showsPlaces'>;

/** Collects them. What cannot be read of the artifact is left out. */
export async function collectFacts(record: JobRecord, sources: Sources): Promise<Facts> {
  const { redis, artifacts, showsPlaces } = sources;
  const [earlier, contents] = await Promise.all([
    earlierBuilds(redis, record),
    readContents(record, artifacts),
  ]);
  return { record, earlier, contents, showsPlaces, madeAt: Date.now() };
}

async function readContents(
  record: JobRecord,
  artifacts: Sources['artifacts'],
): Promise<Contents | undefined> {
  try {
    return await contentsOf(await artifacts.manifest(shippedArtifact(record)));
  } catch (error) {
    // It has none, or it is gone, or lies on another machine.
    if (error instanceof KoalaError) return undefined;
    throw error;
  }
}
