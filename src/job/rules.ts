// The rules of single fields, as predicates: git ref names, repository addresses, paths inside the project.
import { posix } from 'node:path';

/**
 * Whether git would take it as the name of a branch or tag.
 * Rules: git-check-ref-format(1), and never a leading `-`, which a command line could take for an option.
 */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name.startsWith('-') || name.startsWith('refs/')) return false;
  // biome-ignore lint/complexity/useRegexLiterals: control characters are clearer when spelled out
  if (new RegExp('[\\x00-\\x20\\x7f~^:?*\\[\\\\]').test(name)) return false;
  if (name.includes('..') || name.includes('@{') || name.includes('//') || /[/.]$/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

const REMOTE_SCHEMES = ['https:', 'http:', 'ssh:', 'git:'];
const SCP_LIKE = /^[A-Za-z0-9_][\w.-]*@[A-Za-z0-9[][\w.:\]-]*:[^\s]+$/;

/** Whether it is an address that a job may name; the schemes that run commands (`ext::`) are not among them. */
export function isRepositoryUrl(url: string): boolean {
  return isRemoteUrl(url) || isLocalSource(url);
}

/** Whether it is a path of this machine: `file://…`, `/…`, `./…`, `../…`, `.` or `~/…`. */
export function isLocalSource(url: string): boolean {
  if (/[\r\n]/.test(url)) return false;
  return /^(file:\/\/\/|\/|\.{1,2}(\/|$)|~\/)/.test(url);
}

function isRemoteUrl(url: string): boolean {
  if (/\s/.test(url)) return false;
  if (SCP_LIKE.test(url) && !url.includes('://')) return true;
  try {
    const { protocol, hostname, username, password } = new URL(url);
    // A raw % is a credential that nobody can read back.
    decodeURIComponent(username + password);
    // ssh takes a host or user that starts with "-" for an option.
    return (
      REMOTE_SCHEMES.includes(protocol) && hostname !== '' && !/^-/.test(hostname) && !/^-/.test(username)
    );
  } catch {
    return false;
  }
}

/** Whether a path, taken from `root`, is relative and stays inside the project; links are looked at later, in the container. */
export function isRelativeInside(path: string, root = '.'): boolean {
  if (path === '' || path.startsWith('/') || path.startsWith('~') || /[\r\n\0]/.test(path)) return false;
  const resolved = posix.normalize(posix.join(root, path));
  return resolved !== '..' && !resolved.startsWith('../') && resolved.split('/')[0] !== '.git';
}

/** A repository's address for records, logs and screens: without its password and its query, where tokens stand too. */
export function withoutCredentials(url: string): string {
  const { url: bare } = splitCredentials(url);
  return bare.includes('://') ? bare.replace(/\?.*$/s, '?…') : bare;
}

/** Every secret that an address may hold: password, user name without one, values of the query. */
export function secretsOf(url: string): string[] {
  if (!url.includes('://')) return [];
  const { username, password } = splitCredentials(url);
  const query = [...new URL(url).searchParams.values()];
  return [password, password ? undefined : username, ...query].filter(
    (value) => value !== undefined && value !== '',
  ) as string[];
}

/** Takes the password out of an address, and of http(s) the user name with it, so that they can travel apart from it. */
export function splitCredentials(url: string): { url: string; username?: string; password?: string } {
  if (!/^(https?|ssh|git):\/\//.test(url)) return { url };
  const parsed = new URL(url);
  if (!parsed.username && !parsed.password) return { url };
  const username = decodeURIComponent(parsed.username);
  const password = decodeURIComponent(parsed.password);
  parsed.password = '';
  // ssh logs in as that user; a password it does not take.
  if (!url.startsWith('http')) return { url: parsed.href, password };
  parsed.username = '';
  return { url: parsed.href, username, password };
}
