// Credentials for git: the rows that a build gets, out of the job's own and the operator's. Pure.
import { type GitForm, gitAddress, nameOfHost } from './git-address.js';
import type { Payload } from './payload.js';
import { splitCredentials } from './rules.js';
import { secretLinesOfKey } from './ssh-key.js';

export interface GitCredential {
  form: GitForm;
  /** The scheme of addresses that are rewritten to this form. */
  scheme: string;
  /** In lower case, with its port unless that is the one of https or ssh. */
  host: string;
  /** Without slashes at its ends; empty for all repositories of the host. */
  path: string;
  /** For ssh the account, which rewritten addresses need. */
  user: string;
  /** A password or token, or a private key. */
  secret: string;
}

/** An account that hosting services give to everybody. */
const COMMON_USER = 'git';

type Source = Pick<Payload, 'project_repo_url' | 'project_ssh_key'>;

/**
 * What a build may use: the job's own credentials, which are for the whole host of its repository, then the operator's for
 * other hosts. Without own ones for that host, the operator's count for it too.
 */
export function credentialsFor(payload: Source, operators: readonly GitCredential[]): GitCredential[] {
  const own = ownCredentials(payload);
  const address = gitAddress(payload.project_repo_url);
  // A user name alone may be a token, but is in many addresses where it is none.
  const isName = own.length === 1 && own[0]?.secret === '';
  if (isName && operators.some(({ form, host }) => form === 'http' && host === address?.host))
    return [...operators];
  const hosts = new Set(own.map(({ host }) => host));
  const rest = operators.filter(({ host }) => !hosts.has(host));
  // The address of the job says how an operator's host speaks.
  const known = rest.map((row) =>
    row.form === 'http' && row.host === address?.host && address.form === 'http'
      ? { ...row, scheme: address.scheme }
      : row,
  );
  return [...own, ...known];
}

/** Every text in credentials that nobody may see. */
export function secretsIn(credentials: readonly GitCredential[]): string[] {
  return credentials.flatMap(({ form, user, secret }) => {
    if (form === 'ssh') return secretLinesOfKey(secret);
    return secret === '' ? [user] : [secret];
  });
}

function ownCredentials({ project_repo_url, project_ssh_key }: Source): GitCredential[] {
  const address = gitAddress(project_repo_url);
  if (!address) return [];
  const { form, scheme, host } = address;
  const { username = '', password = '' } = splitCredentials(project_repo_url);
  const own: GitCredential[] = [];
  if (form === 'http' && (username || password))
    own.push({ form, scheme, host, path: '', user: username, secret: password });
  if (project_ssh_key !== undefined) {
    const at = form === 'ssh' ? host : nameOfHost(host);
    const user = (form === 'ssh' && address.user) || COMMON_USER;
    own.push({ form: 'ssh', scheme: 'ssh', host: at, path: '', user, secret: project_ssh_key });
  }
  return own;
}
