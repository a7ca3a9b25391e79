// What of a job must not be seen in its log, and the mask that hides it. Pure.
import { type GitCredential, secretsIn } from '../job/credentials.js';
import type { Payload } from '../job/payload.js';
import { secretsOf } from '../job/rules.js';
import { Masker, secretValues } from '../secrets/mask.js';

/** What of a job holds secrets: its payload, the credentials for git, and what the operator's settings hold. */
export interface Secrets extends Pick<Payload, 'env' | 'project_repo_url'> {
  credentials?: readonly GitCredential[];
  operator?: string[];
  /** Whether the user must not see where on the machine something failed. */
  places?: boolean;
}

/** A mask for all of them. */
export function maskOf({ env = {}, project_repo_url, credentials = [], operator = [] }: Secrets): Masker {
  const values = [
    ...Object.values(env),
    ...secretsOf(project_repo_url),
    ...secretsIn(credentials),
    ...operator,
  ];
  return new Masker(secretValues(values));
}
