// Which deployments somebody wants to see in a list, as the command line and HTTP say it. Pure.
import { KoalaError } from './errors.js';
import { nearest } from './nearest.js';
import { shortRef } from './rules.js';
import { STATUSES, type Status } from './status.js';

export interface JobFilter {
  project?: string | undefined;
  /** Its short name. */
  branch?: string | undefined;
  /** Any of these. */
  statuses?: readonly Status[] | undefined;
}

/**
 * The filter in these texts; `status` has one or several, with commas between them. `name` says how the texts are called there.
 * @throws KoalaError `bad_input`
 */
export function parseJobFilter(
  {
    project,
    branch,
    status,
  }: { project?: string | undefined; branch?: string | undefined; status?: string | undefined },
  name: (field: string) => string,
): JobFilter {
  return {
    ...(project === undefined ? {} : { project }),
    ...(branch === undefined ? {} : { branch: shortRef(branch) }),
    ...(status === undefined
      ? {}
      : { statuses: status.split(',').map((one) => parseStatus(name('status'), one)) }),
  };
}

function parseStatus(name: string, text: string): Status {
  const word = text.trim().toUpperCase();
  const status = STATUSES.find((one) => one === word);
  if (status) return status;
  const near = nearest(word, STATUSES);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new KoalaError('bad_input', `${name}: must be one of ${STATUSES.join(', ')}, not "${text}"${hint}`);
}

/** Whether a deployment is among those that are wanted. */
export function fits(
  record: { project: string; branch: string; status: Status },
  { project, branch, statuses }: JobFilter,
): boolean {
  if (project !== undefined && record.project !== project) return false;
  if (branch !== undefined && record.branch !== branch) return false;
  return statuses === undefined || statuses.includes(record.status);
}
