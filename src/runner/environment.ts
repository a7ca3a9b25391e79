// Of which environment a deployment is: the site itself, or a preview.
import type { Redis } from 'ioredis';
import type { RecordFields } from '../job/record.js';
import { isSite, parseReleases } from '../releases/project-releases.js';
import { readReleases } from '../store/releases.js';
import { isReader, type RequestedJob } from './job.js';

type Facts = Pick<RecordFields, 'environment' | 'lessTrust'>;

/**
 * Of which environment a deployment is, if `head` is the branch that the repository's HEAD names. If that did not say, the branch
 * from which the site is served stays that one.
 */
export async function environmentOf(
  { payload, record }: Pick<RequestedJob, 'payload' | 'record'>,
  head: string | undefined,
  redis: Redis,
): Promise<Facts> {
  if (isReader({ payload })) return { environment: 'preview', lessTrust: true };
  const main = payload.project_default_branch ?? head;
  // A tag that is named as one is no branch, whatever it is called.
  if (main !== undefined) return environment(payload.project_branch === main);
  const releases = await readReleases(redis, record).catch(() => ({}));
  return environment(isSite(parseReleases(releases), record));
}

function environment(isProduction: boolean): Facts {
  return { environment: isProduction ? 'production' : 'preview' };
}
