// Says which secrets of a job are too short to be hidden in its log. Pure.
import type { Payload } from '../job/payload.js';
import { splitCredentials } from '../job/rules.js';
import { isTooShort } from '../secrets/mask.js';
import { SHORTEST } from '../secrets/secret-forms.js';

/** A line for the log, with names and no values; undefined if all are hidden. */
export function unmaskedNotice({
  env = {},
  project_repo_url,
}: Pick<Payload, 'env' | 'project_repo_url'>): string | undefined {
  const variables = Object.entries(env).flatMap(([name, value]) => (isTooShort(value) ? [name] : []));
  const { password = '' } = splitCredentials(project_repo_url);
  const names = isTooShort(password) ? [...variables, 'the password in project_repo_url'] : variables;
  if (names.length === 0) return undefined;
  return `not hidden in this log, as they have fewer than ${SHORTEST} characters: ${names.join(', ')}`;
}
