// Says at the end of a build what is known of it beside its record.
import type { Redis } from 'ioredis';
import type { BuildFacts } from '../job/build-facts.js';
import type { JobRecord } from '../job/record.js';
import type { BuildScreen } from '../ui/build-screen.js';
import type { Session } from './session.js';

/** Says it of one that is READY. What cannot be found out is left out. */
export async function showFacts(
  screen: BuildScreen,
  record: Readonly<JobRecord>,
  find: () => Promise<BuildFacts>,
): Promise<void> {
  const facts = record.status === 'READY' ? await find().catch(() => undefined) : undefined;
  if (facts) screen.add(record, facts);
}

/** What this machine knows of a build. */
export async function factsHere(
  session: Session,
  redis: Redis,
  record: Readonly<JobRecord>,
): Promise<BuildFacts> {
  const [{ buildFacts }, { anywhereOf }] = await Promise.all([
    import('../report/build-facts.js'),
    import('./anywhere.js'),
  ]);
  return buildFacts(record, { redis, artifacts: anywhereOf(session) });
}
