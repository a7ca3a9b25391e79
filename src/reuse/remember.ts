// Remembers a READY build, for later jobs with the same inputs.
import type { Redis } from 'ioredis';
import type { JobRecord, RecordFields } from '../job/record.js';
import { addEntry, addReads, noteLatest, type ReuseEntry } from '../store/reuse.js';
import { ownKeys, type Plan, type Reads, readsKeys } from './plan.js';

/** Remembers it, unless it is of another commit than the plan: the branch may have moved meanwhile. */
export async function rememberBuild(
  redis: Redis,
  plan: Plan,
  { record, reads, ttlMs }: { record: Readonly<JobRecord>; reads: Reads; ttlMs: number },
): Promise<void> {
  const entry = entryOf(record);
  if (!entry || entry.commit !== plan.commit) return;
  const { keys, places } = ownKeys(plan, reads);
  const [base] = readsKeys(plan);
  const isKept = !places || !base || (await addReads(redis, base, places, ttlMs));
  for (const key of isKept ? keys : keys.slice(0, -1)) await addEntry(redis, key, entry, ttlMs);
  const [scope] = plan.scopes;
  const { deployment, commit } = entry;
  if (scope && keys.length > 0)
    await noteLatest(
      redis,
      scope,
      { deployment, commit, inputs: plan.maker.inputs, reads: reads.lines },
      ttlMs,
    );
}

/** What is remembered of a READY build; undefined if it does not say enough. Pure. */
export function entryOf(record: Readonly<RecordFields>): ReuseEntry | undefined {
  const { deployment, commit, artifact, node, manager, refusedScripts } = record;
  const { digest } = artifact ?? {};
  if (!commit || !artifact || !digest) return undefined;
  return {
    ...{ deployment, commit, artifact: { ...artifact, digest } },
    ...(node ? { node } : {}),
    ...(manager ? { manager } : {}),
    ...(refusedScripts ? { refusedScripts } : {}),
  };
}
