// What is said of a build when it has ended, beside its record: its largest files, and how the project's last builds were.
import type { Redis } from 'ioredis';
import { readManifest } from '../artifact/manifest-file.js';
import type { JobRecord } from '../job/record.js';
import type { Outcome } from '../runner/conclude.js';
import { list } from '../store/jobs.js';
import type { BuildScreen } from '../ui/build-screen.js';
import type { Facts } from '../ui/draw-summary.js';

/** Of the user's newest deployments, so many are looked at for the project's. */
const LOOKED_AT = 50;
const COMPARED = 5;
const LARGEST = 4;
/** A manifest of more files takes longer to read than anybody wants to wait. */
const MOST_FILES = 20_000;

/** Adds what is known of a build that is READY to its screen. What cannot be found out is left out. */
export async function addFacts(screen: BuildScreen, redis: Redis, outcome: Outcome): Promise<void> {
  if (outcome.kind !== 'ended' || outcome.record.status !== 'READY') return;
  const { record } = outcome;
  const facts = await factsOf(redis, record).catch(() => undefined);
  if (facts) screen.add(record, facts);
}

async function factsOf(redis: Redis, record: Extract<JobRecord, { status: 'READY' }>): Promise<Facts> {
  const [largest, records] = await Promise.all([largestOf(record), list(redis, record.user, LOOKED_AT)]);
  const earlier = records.flatMap((one) => {
    const isOther = one.deployment !== record.deployment && one.project === record.project;
    if (!isOther || one.status !== 'READY' || one.reusedFrom !== undefined) return [];
    return [{ ms: one.endedAt - one.startedAt, bytes: one.artifact.bytes }];
  });
  return { largest, earlier: earlier.slice(0, COMPARED) };
}

async function largestOf({
  artifact,
}: Pick<Extract<JobRecord, { status: 'READY' }>, 'artifact'>): Promise<Facts['largest']> {
  if (artifact.files > MOST_FILES) return [];
  const { entries = [] } = (await readManifest(artifact.manifest)) ?? {};
  return entries
    .flatMap(({ path, size }) => (path === undefined || size === undefined ? [] : [{ path, bytes: size }]))
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, LARGEST);
}
