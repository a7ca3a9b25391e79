// What is said at the end of a build beside its record: its largest files, and how the project's last builds were.
import type { Redis } from 'ioredis';
import type { Anywhere } from '../archives/anywhere.js';
import { shippedArtifact } from '../archives/shipped.js';
import type { BuildFacts } from '../job/build-facts.js';
import { KoalaError } from '../job/errors.js';
import type { JobRecord } from '../job/record.js';
import { contentsOf } from './contents.js';
import { earlierBuilds } from './earlier.js';

const COMPARED = 5;
/** Of the user's deployments before it, so many are looked at for the project's. */
const LOOKED_AT = 50;
const LARGEST = 4;
/** A manifest of more files takes longer to read than anybody wants to wait. */
const MOST_FILES = 20_000;

export interface FactSources {
  redis: Redis;
  artifacts: Pick<Anywhere, 'manifest'>;
}

/** What is known of a build; nothing of one that is not READY. */
export async function buildFacts(
  record: Readonly<JobRecord>,
  { redis, artifacts }: FactSources,
): Promise<BuildFacts> {
  if (record.status !== 'READY') return { largest: [], earlier: [] };
  const [largest, earlier] = await Promise.all([
    largestOf(record, artifacts),
    earlierBuilds(redis, record, { most: COMPARED, mostRead: LOOKED_AT }),
  ]);
  return {
    largest,
    earlier: earlier.map(({ startedAt, endedAt, artifact: { bytes } }) => ({
      ms: endedAt - startedAt,
      bytes,
    })),
  };
}

async function largestOf(
  record: Extract<JobRecord, { status: 'READY' }>,
  artifacts: FactSources['artifacts'],
): Promise<BuildFacts['largest']> {
  if (record.artifact.files > MOST_FILES) return [];
  try {
    return (await contentsOf(await artifacts.manifest(shippedArtifact(record)))).largest.slice(0, LARGEST);
  } catch (error) {
    // It is gone, or lies on another machine.
    if (error instanceof KoalaError) return [];
    throw error;
  }
}
