// The canonical form of a repository's address: what its snapshots belong to, however a job spells the address. Pure.
import { createHash } from 'node:crypto';
import { isLocalSource } from './rules.js';

/** The ports that an address need not name. */
const DEFAULT_PORTS: Record<string, string> = {
  'https:': '443',
  'http:': '80',
  'ssh:': '22',
  'git:': '9418',
};

/** The account of hosting services: it says nothing about the repository, as an account of one's own on a server does. */
const COMMON_USER = 'git';

/**
 * One text for all addresses of a repository: `host/path`. Scheme, password, `.git`, slashes at the end, case of the host
 * and default port do not count, nor whether ssh gets a URL or `user@host:path`. A local path must be absolute already.
 */
export function canonicalRepository(address: string): string {
  if (isLocalSource(address)) return withoutSlashes(address);
  const scp = /^([^@]+)@(\[[^\]]+\]|[^:]+):(.*)$/s.exec(address);
  if (scp && !address.includes('://')) {
    const [, user = '', host = '', path = ''] = scp;
    // Relative to the home of that account; hosting services make no difference.
    const home = user === COMMON_USER || path.startsWith('/') ? '' : '~/';
    return `${account(user)}${hostOf(host)}/${pathOf(home + asInUrl(path))}`;
  }
  const { protocol, username, hostname, port, pathname, search } = new URL(address);
  const shownPort = port === '' || port === DEFAULT_PORTS[protocol] ? '' : `:${port}`;
  const user = protocol === 'ssh:' ? account(decodeURIComponent(username)) : '';
  return `${user}${hostOf(hostname)}${shownPort}/${pathOf(pathname)}${queryOf(search)}`;
}

/** `ann@host:site` and `bob@host:site` are two repositories, below two homes. Escaped: a `/` in it would begin another path. */
function account(user: string): string {
  return user === '' || user === COMMON_USER ? '' : `${encodeURIComponent(user)}@`;
}

function hostOf(host: string): string {
  return host.toLowerCase().replace(/(?<=[^.])\.$/, '');
}

/** What a URL would take for an escape, a query or a fragment is a letter of the path in `user@host:path`. */
function asInUrl(path: string): string {
  return path.replace(/[%?#]/g, encodeURIComponent);
}

function pathOf(path: string): string {
  return withoutSlashes(withoutSlashes(path).replace(/\.git$/, '')).replace(/^\/+/, '');
}

function withoutSlashes(path: string): string {
  return path.replace(/(?<=.)\/+$/, '');
}

/** A query may name the repository, and may hold a token: as a hash, too long to be met by trying, it tells two apart and shows neither. */
function queryOf(search: string): string {
  return search === '' ? '' : `?${createHash('sha256').update(search).digest('hex').slice(0, 32)}`;
}
