// The parts of a repository's address by which credentials are chosen. Pure.
import { isLocalSource } from './rules.js';

/** How git speaks with a server: with a user and a password over HTTP, or over ssh with a key. */
export type GitForm = 'http' | 'ssh';

export interface GitAddress {
  form: GitForm;
  /** `https`, `http` or `ssh`. */
  scheme: string;
  /** In lower case, with its port unless that is the one of https or ssh. */
  host: string;
  /** The account on the server, which ssh needs; not part of the credentials. */
  user: string;
}

/** Undefined for a local source, and for git://, which has no credentials. */
export function gitAddress(url: string): GitAddress | undefined {
  if (isLocalSource(url)) return undefined;
  const scp = /^([^@/]+)@(\[[^\]]+\]|[^:/]+):/.exec(url);
  if (scp && !url.includes('://')) {
    const [, user = '', host = ''] = scp;
    return { form: 'ssh', scheme: 'ssh', host: hostName(host), user };
  }
  const { protocol, hostname, port, username } = new URL(url);
  const scheme = protocol.slice(0, -1);
  if (!['https', 'http', 'ssh'].includes(scheme)) return undefined;
  const shown = scheme === 'http' ? port || '80' : port.replace(scheme === 'ssh' ? /^22$/ : /^443$/, '');
  const host = hostName(hostname) + (shown === '' ? '' : `:${shown}`);
  return { form: scheme === 'ssh' ? 'ssh' : 'http', scheme, host, user: decodeURIComponent(username) };
}

/** The host without its port. */
export function nameOfHost(host: string): string {
  return host.replace(/:\d+$/, '');
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
