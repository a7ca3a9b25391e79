// The builds of a project before one: what that is compared with.
import type { Redis } from 'ioredis';
import type { DeploymentId } from '../job/identity.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import { load, unlessNotFound } from '../store/jobs.js';
import { indexKey } from '../store/keys.js';

/** As many are compared; as many records are read for that: a user may have thousands, of other projects. */
const BOUNDS = { most: 8, mostRead: 400 };
const AT_A_TIME = 50;

/** A build that became READY, with what it took. */
export type Built = RecordFields & Pick<Ready, 'startedAt' | 'endedAt' | 'artifact'>;
type Ready = Extract<JobRecord, { status: 'READY' }>;

/** The newest builds of the project that became READY before this one was created, the newest first; not those that reused another one's artifact. */
export async function earlierBuilds(
  redis: Redis,
  record: Readonly<JobRecord>,
  { most, mostRead } = BOUNDS,
): Promise<Built[]> {
  const { user, project, createdAt } = record;
  const found: Built[] = [];
  for (let read = 0; read < mostRead && found.length < most; read += AT_A_TIME) {
    const page = ['LIMIT', read, AT_A_TIME] as const;
    const ids = await redis.zrevrangebyscore(indexKey(user), `(${createdAt}`, '-inf', ...page);
    const records = await Promise.all(
      ids.map((deployment) =>
        load(redis, { user, deployment: deployment as DeploymentId }).catch(unlessNotFound),
      ),
    );
    found.push(...records.filter((one) => isBuilt(one)).filter((one) => one.project === project));
    if (ids.length < AT_A_TIME) break;
  }
  return found.slice(0, most);
}

function isBuilt(record: JobRecord | undefined): record is JobRecord & Built {
  return record?.status === 'READY' && record.reusedFrom === undefined;
}
