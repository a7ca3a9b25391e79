// From where in a target a deployment is served. Pure.
import { createHash } from 'node:crypto';
import type { Environment } from '../job/record.js';
import type { Place } from './target.js';

/** The site itself. */
export const CURRENT: Place = 'current';

/** Of a label in a host name: 63 letters at most. */
const LONGEST = 40;
const HASH = 10;

/** What of a deployment decides it. */
export interface Placed {
  branch: string;
  /** Its repository, in the canonical form. */
  repository: string;
  environment: Environment;
  /** Whether its job is one of less trust. */
  lessTrust?: boolean | undefined;
}

/** The default branch, or else those that the target names, are the site itself. A job of less trust never is. */
export function placeOf(
  { branch, repository, environment, lessTrust }: Placed,
  branches: readonly string[] | undefined,
): Place {
  const isSite = branches ? branches.includes(branch) : environment === 'production';
  if (isSite && !lessTrust) return CURRENT;
  // A stranger's fork has branches of the same names.
  return `branches/${slugOf(lessTrust ? `${branch} ${repository}` : branch)}/${CURRENT}`;
}

/** A branch as a label of a host name, which no other branch has: a name that is none, or may be meant as one, ends in a hash. */
export function slugOf(branch: string): string {
  const plain = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST)
    .replace(/-$/, '');
  if (plain === branch && !new RegExp(`(^|-)[0-9a-f]{${HASH}}$`).test(branch)) return branch;
  const hash = createHash('sha256').update(branch).digest('hex').slice(0, HASH);
  return plain === '' ? hash : `${plain}-${hash}`;
}
