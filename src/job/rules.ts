// The rules for single fields: git ref names, repository addresses, paths inside the project.
import { posix } from 'node:path';

/**
 * Whether git accepts it as the name of a branch or tag, by the rules of git-check-ref-format(1). Refuses a leading `-`
 * too: a command could read it as an option.
 */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name.startsWith('-') || name.startsWith('refs/')) return false;
  // biome-ignore lint/complexity/useRegexLiterals: control characters are clearer when spelled out
  if (new RegExp('[\\x00-\\x20\\x7f~^:?*\\[\\\\]').test(name)) return false;
  if (name.includes('..') || name.includes('@{') || name.includes('//') || /[/.]$/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** The name of a branch or tag, without the folder in which git keeps it. */
export function shortRef(name: string): string {
  return name.replace(/^refs\/(heads|tags)\//, '');
}

/** Whether a name means a tag, even where a branch has the same one. */
export function isTagRef(name: string): boolean {
  return name.startsWith('refs/tags/');
}

const REMOTE_SCHEMES = ['https:', 'http:', 'ssh:', 'git:'];
const SCP_LIKE = /^[A-Za-z0-9_][\w.-]*@[A-Za-z0-9[][\w.:\]-]*:[^\s]+$/;

/** Whether a job may name this address. Schemes that run commands (`ext::`) are refused. */
export function isRepositoryUrl(url: string): boolean {
  return isRemoteUrl(url) || isLocalSource(url);
}

/** Whether it is a path on this machine: `file://…`, `/…`, `./…`, `../…`, `.` or `~/…`. */
export function isLocalSource(url: string): boolean {
  if (/[\r\n]/.test(url)) return false;
  return /^(file:\/\/\/|\/|\.{1,2}(\/|$)|~\/)/.test(url);
}

function isRemoteUrl(url: string): boolean {
  if (/\s/.test(url)) return false;
  if (SCP_LIKE.test(url) && !url.includes('://')) return true;
  try {
    const { protocol, hostname, username, password } = new URL(url);
    // Throws for a raw % in the credentials, which nothing could decode later.
    decodeURIComponent(username + password);
    // ssh would read a host or user that starts with "-" as an option.
    return (
      REMOTE_SCHEMES.includes(protocol) && hostname !== '' && !/^-/.test(hostname) && !/^-/.test(username)
    );
  } catch {
    return false;
  }
}

/** Whether a path, relative to `root`, stays inside the project. The container checks links later. */
export function isRelativeInside(path: string, root = '.'): boolean {
  if (path === '' || path.startsWith('/') || path.startsWith('~') || /[\r\n\0]/.test(path)) return false;
  const resolved = posix.normalize(posix.join(root, path));
  return resolved !== '..' && !resolved.startsWith('../') && resolved.split('/')[0] !== '.git';
}

/** A user name with a password beside it is a token when it is this long: GitHub takes `token:x-oauth-basic`. */
const TOKEN_LENGTH = 16;

/** A repository's address for records, logs and screens: without password, query and fragment, which may contain tokens. */
export function withoutCredentials(url: string): string {
  return isLocalSource(url) ? url : splitCredentials(url).url.replace(/[?#].*$/s, '?…');
}

/**
 * Every secret in an address, as it is and as the address spells it: the password, or the user name if there is none, and what
 * the query and the fragment have.
 */
export function secretsOf(url: string): string[] {
  if (isLocalSource(url)) return [];
  const { username = '', password = '' } = splitCredentials(url);
  const isToken = password === '' || username.length >= TOKEN_LENGTH;
  const [, user = '', pass = ''] = /^[a-z]+:\/\/([^/?#:@]*):?([^/?#@]*)@/.exec(url) ?? [];
  const [, query = ''] = /[?#](.*)$/s.exec(url) ?? [];
  const values = query.split(/[?#&;]/).map(queryValue);
  const all = [
    password,
    pass,
    ...(isToken && username ? [username, user] : []),
    ...values.map(decoded),
    ...values,
  ];
  return [...new Set(all)].filter((value) => value !== '');
}

/** The value of `name=value`; a name without one may be a token itself. */
function queryValue(pair: string): string {
  const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
  return value.replace(/^=*$/, '') || name;
}

/** What a query spells; as it is, if it is not spelled right. */
function decoded(text: string): string {
  return new URLSearchParams(`x=${text.replaceAll('#', '%23')}`).get('x') ?? text;
}

/** Splits the password, and for http(s) the user name, off an address, so that they can travel separately. */
export function splitCredentials(url: string): { url: string; username?: string; password?: string } {
  if (!/^(https?|ssh|git):\/\//.test(url)) return { url };
  const parsed = new URL(url);
  if (!parsed.username && !parsed.password) return { url };
  const username = decodeURIComponent(parsed.username);
  const password = decodeURIComponent(parsed.password);
  parsed.password = '';
  // ssh needs the user name in the address, but takes no password there. git:// takes neither: a name alone may be a token.
  if (url.startsWith('ssh') || (url.startsWith('git') && password)) return { url: parsed.href, password };
  parsed.username = '';
  return { url: parsed.href, username, password };
}
